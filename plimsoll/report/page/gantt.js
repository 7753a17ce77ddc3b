// SPDX-License-Identifier: Apache-2.0
// The timeline: tasks as bars, with what they waited for. Pointer, touch and keys choose a bar, which is then told in
// words; it zooms in time around what is chosen or pointed at.

const ZOOM = 1.6;
const FEW_ENOUGH_FOR_ROWS = 120;  // tasks; more are shown by step at first

/// What is known of an attempt, in words.
function attemptStory(run, at) {
  const { bars } = run;
  const name = run.tasks[bars.task[at]];
  const waited = bars.ready[at] === null ? 0 : bars.start[at] - bars.ready[at];
  const lack = bars.lacks[bars.lack[at]];
  const parts = [];
  if (waited >= SHORTEST_WAIT_MS) parts.push(`waited ${formatMs(waited)} for ${lackText(lack)}`);
  if (bars.after[at] !== null) {
    parts.push(bars.after[at] === bars.task[at] ? "tried again" : `ready when ${run.tasks[bars.after[at]]} had ended`);
  }
  parts.push(`started at ${formatMs(bars.start[at])}, ran ${formatMs(bars.end[at] - bars.start[at])}`);
  const peak = bars.peak[at] === null ? "memory not measured" : `used ${formatBytes(bars.peak[at])}`;
  parts.push(`${peak} of ${formatBytes(bars.memory[at])} reserved`);
  if (bars.request[at] !== null) parts.push(`${formatBytes(bars.request[at])} requested`);
  if (bars.runtime[at] > 0) parts.push(`${formatCores(bars.cpu[at] / bars.runtime[at])} of ${formatCores(bars.cores[at])} cores busy`);
  if (bars.grown[at] > 0) parts.push(`grown ${bars.grown[at]} ${bars.grown[at] === 1 ? "time" : "times"}`);
  if (bars.frozen[at] > 0) parts.push(`frozen for ${formatMs(bars.frozen[at])}`);
  return { name, ending: endingText(bars.endings[bars.ending[at]]), number: bars.number[at], text: `${parts.join("; ")}.` };
}

function storyNodes(run, at) {
  const { name, ending, number, text } = attemptStory(run, at);
  const noted = [...(run.freezesOf.get(at) || []).map((freeze) => [freeze.from, "frozen", freeze.reason]),
    ...(run.changesOf.get(at) || []).map((change) => [change.at, `${change.action} ${change.old} to ${change.new}`, change.reason])]
    .sort((a, b) => a[0] - b[0]).slice(0, 8);
  return [el("strong", {}, name), number > 1 ? ` (attempt ${number})` : "",
    " ", el("span", { class: ending === "finished" ? "good" : ending === "running" ? "" : "bad" }, ending), ": ", text,
    noted.length ? el("ul", { class: "small" }, noted.map(([ms, what, why]) =>
      el("li", {}, `${formatMs(ms)}: ${what}: ${why}`))) : null];
}

class Gantt {
  constructor(run) {
    this.run = run;
    this.length = Math.max(1, run.length_s * 1000);
    this.from = 0;
    this.until = this.length;
    this.chosen = null;
    this.canvas = el("canvas", { tabindex: 0, role: "img" });
    this.frame = el("div", { class: "gantt" }, this.canvas);
    this.spacer = el("div");
    this.frame.append(this.spacer);
    this.details = el("output", { class: "details", "aria-live": "polite" },
      el("span", { class: "quiet" }, "Point at a bar, or use the arrow keys: it is told here. + and - zoom, 0 shows all."));
    this.layouts = {};
    this.listen();
    onWidth(this.frame, (width) => {
      this.width = width;
      this.resize();
    });
    onTheme(() => this.paint());
  }

  show(kind) {
    this.layouts[kind] = this.layouts[kind] || (kind === "task" ? layOutByTask(this.run) : layOutByStep(this.run));
    this.layout = this.layouts[kind];
    this.canvas.setAttribute("aria-label", `Timeline of ${counted(this.run.bars.count, "attempt")} by ${kind}; ` +
      "arrow keys go from one to the next. All of them stand in the table at the end of this page.");
    this.frame.scrollTop = 0;
    if (this.width) this.resize();
  }

  resize() {
    if (!this.layout) return;
    const whole = this.layout.height + GANTT_TOP + 4;
    this.height = Math.min(whole, Math.max(160, Math.round(innerHeight * .7)));
    const ratio = devicePixelRatio || 1;
    this.canvas.width = this.width * ratio;
    this.canvas.height = this.height * ratio;
    this.canvas.style.width = `${this.width}px`;
    this.canvas.style.height = `${this.height}px`;
    this.spacer.style.height = `${whole - this.height}px`;
    this.paint();
  }

  view() {
    const { from, until, width, height, length } = this;
    return { from, until, width, height, length,
      x: (ms) => ((ms - from) / (until - from)) * width,
      y: (place) => GANTT_TOP + place - this.frame.scrollTop };
  }

  paint() {
    if (this.isWaiting || !this.width || !this.layout) return;
    this.isWaiting = true;
    requestAnimationFrame(() => {
      this.isWaiting = false;
      const context = this.canvas.getContext("2d");
      const ratio = devicePixelRatio || 1;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      paintGantt(context, this.view(), this.run, this.layout, this.chosen);
    });
  }

  zoom(factor, around = (this.from + this.until) / 2) {
    const length = Math.min(this.length, Math.max(this.length / 1e5, (this.until - this.from) / factor));
    const share = (around - this.from) / (this.until - this.from);
    this.moveTo(around - share * length, length);
  }

  moveTo(from, length = this.until - this.from) {
    this.from = Math.max(0, Math.min(from, this.length - length));
    this.until = this.from + length;
    this.paint();
  }

  choose(at) {
    if (at === null || at === this.chosen) return;
    this.chosen = at;
    replace(this.details, storyNodes(this.run, at));
    this.paint();
  }

  /// The bar nearest to a place, within a finger's width.
  at(clientX, clientY) {
    const box = this.canvas.getBoundingClientRect();
    const row = rowAt(this.layout, clientY - box.top - GANTT_TOP + this.frame.scrollTop);
    if (!row) return null;
    const ms = this.from + ((clientX - box.left) / this.width) * (this.until - this.from);
    const { bars } = this.run;
    const reach = (8 / this.width) * (this.until - this.from);
    const begin = (one) => (this.layout.showsWaits && bars.ready[one] !== null ? bars.ready[one] : bars.start[one]);
    const distance = (one) => Math.max(0, begin(one) - ms, ms - bars.end[one]);
    const nearest = row.attempts.reduce((best, one) => (best === null || distance(one) < distance(best) ? one : best), null);
    return nearest !== null && distance(nearest) <= reach ? nearest : null;
  }

  listen() {
    let drag = null;
    this.frame.addEventListener("scroll", () => this.paint());
    this.canvas.addEventListener("pointerdown", (event) => {
      drag = { x: event.clientX, from: this.from };
      this.choose(this.at(event.clientX, event.clientY));
    });
    addEventListener("pointerup", () => { drag = null; });
    this.canvas.addEventListener("pointermove", (event) => {
      if (!drag) return this.choose(this.at(event.clientX, event.clientY));
      this.moveTo(drag.from - ((event.clientX - drag.x) / this.width) * (this.until - this.from));
    });
    this.canvas.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = this.canvas.getBoundingClientRect();
      this.zoom(event.deltaY < 0 ? 1.25 : .8, this.from + ((event.clientX - box.left) / this.width) * (this.until - this.from));
    }, { passive: false });
    this.canvas.addEventListener("keydown", (event) => this.hear(event));
  }

  hear(event) {
    const order = this.run.bars.byStart;
    const place = this.chosen === null ? -1 : this.run.bars.place[this.chosen];
    const to = (next) => {
      this.choose(order[Math.max(0, Math.min(order.length - 1, next))]);
      this.bringIntoSight();
    };
    const around = this.chosen === null ? undefined : this.run.bars.start[this.chosen];
    const acts = { ArrowRight: () => to(place + 1), ArrowLeft: () => to(place - 1), ArrowDown: () => to(place + 1),
      ArrowUp: () => to(place - 1), Home: () => to(0), End: () => to(order.length - 1), "+": () => this.zoom(ZOOM, around),
      "=": () => this.zoom(ZOOM, around), "-": () => this.zoom(1 / ZOOM, around), 0: () => this.moveTo(0, this.length) };
    if (!acts[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    acts[event.key]();
  }

  bringIntoSight() {
    const start = this.run.bars.start[this.chosen];
    if (start < this.from || start > this.until) this.moveTo(start - (this.until - this.from) / 2);
    const row = this.layout.rows.find((one) => one.attempts.includes(this.chosen));
    const top = this.frame.scrollTop;
    if (row.top < top) this.frame.scrollTop = row.top;
    if (row.top + row.height > top + this.height - GANTT_TOP) this.frame.scrollTop = row.top + row.height - this.height + GANTT_TOP;
  }
}

function ganttLegend(run) {
  const item = (style, text) => el("li", {}, el("i", { style }), text);
  const lacks = new Set(run.bars.byStart.filter((at) => run.bars.ready[at] !== null &&
    run.bars.start[at] - run.bars.ready[at] >= SHORTEST_WAIT_MS).map((at) => run.bars.lacks[run.bars.lack[at]]));
  const dashes = { memory: "solid", cpu: "dashed" };
  return el("ul", { class: "legend" },
    item("background:linear-gradient(var(--reserved) 45%, var(--used) 45%)", "ran: memory used of what was reserved"),
    run.bars.ending.some((ending) => !["finished", "running"].includes(run.bars.endings[ending]))
      ? item("background:var(--failed)", "did not finish") : null,
    run.bars.endings.includes("running") ? item("background:var(--running)", "runs") : null,
    run.freezes.length ? item("background:var(--frozen)", "frozen until memory was free") : null,
    run.changes.some((change) => change.action === "grow") ? el("li", {}, "\u25B3 grown in place") : null,
    [...lacks].map((lack) => item(`height:0;border-radius:0;vertical-align:.25em;border-top:3px ${dashes[lack] || "dotted"} var(--${waitColour(lack)})`,
      `waited for ${lackText(lack)}`)));
}

function drawTimeline(node, run) {
  if (run.bars.count === 0) return replace(node, el("p", { class: "card" }, "No task was started."));
  const gantt = new Gantt(run);
  const kinds = [["task", "By task"], ["step", "By step"]];
  const buttons = kinds.map(([kind, text]) => el("button", { type: "button", onclick: () => show(kind) }, text));
  const show = (kind) => {
    kinds.forEach(([name], at) => buttons[at].setAttribute("aria-pressed", String(name === kind)));
    gantt.show(kind);
  };
  const button = (text, label, act) => el("button", { type: "button", "aria-label": label, title: label, onclick: act }, text);
  replace(node, el("div", { class: "card" },
    el("div", { class: "tools" }, el("span", { class: "group", role: "group", "aria-label": "Rows" }, buttons),
      el("span", { class: "group end" },
        button("\u2190", "Earlier", () => gantt.moveTo(gantt.from - (gantt.until - gantt.from) / 2)),
        button("\u2192", "Later", () => gantt.moveTo(gantt.from + (gantt.until - gantt.from) / 2)),
        button("+", "Zoom in", () => gantt.zoom(ZOOM)), button("\u2212", "Zoom out", () => gantt.zoom(1 / ZOOM)),
        button("All", "Show all of the run", () => gantt.moveTo(0, gantt.length)))),
    gantt.frame, ganttLegend(run), gantt.details,
    run.standstills.length ? el("div", {}, el("h3", {}, "When nothing could start"), el("ul", { class: "small" },
      run.standstills.slice(0, 10).map((one) => el("li", {}, `${formatMs(one.at)}: ${one.reason}`)))) : null));
  show(run.bars.tasks <= FEW_ENOUGH_FOR_ROWS ? "task" : "step");
}
