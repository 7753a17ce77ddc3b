// SPDX-License-Identifier: Apache-2.0
// Making elements, and doing work only when somebody comes to see it.

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/// el("p", {class: "lead"}, "text", otherNode): attributes that are null or false are left out.
function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/// A figure that programs can read exactly: <data data-key="memory_gbh.used" value="0.0123">0.012</data>.
function figure(key, value, text) {
  return el("data", { "data-key": key, value: value === null ? "" : String(value) }, text);
}

function replace(node, ...children) {
  node.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
}

/// Calls `draw` once, when the node is about to be seen.
function lazily(node, draw) {
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    draw();
  }, { rootMargin: "300px" });
  observer.observe(node);
}

/// Calls `draw(width)` at once and whenever the node's width has changed.
function onWidth(node, draw) {
  let last = 0;
  new ResizeObserver(() => {
    const width = Math.floor(node.clientWidth);
    if (width === 0 || width === last) return;
    last = width;
    draw(width);
  }).observe(node);
}

/// A table with a caption for those who cannot see where it stands. A cell is a node, a text, or
/// {content, number: true, header: true}.
function table(caption, heads, rows, attributes = {}) {
  const cell = (tag, value, extra = {}) => {
    const spec = value !== null && typeof value === "object" && !(value instanceof Node) ? value : { content: value };
    return el(tag, { class: spec.number ? "number" : spec.class, ...extra }, spec.content);
  };
  const body = rows.map((row) => (row instanceof Node ? row : el("tr", {}, row.map((value) =>
    (value && value.header ? cell("th", value, { scope: "row" }) : cell("td", value))))));
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    el("table", attributes, el("caption", { class: "unseen" }, caption),
      el("thead", {}, el("tr", {}, heads.map((head) => cell("th", head, { scope: "col" })))),
      el("tbody", {}, body)));
}
