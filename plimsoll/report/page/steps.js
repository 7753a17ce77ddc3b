// SPDX-License-Identifier: Apache-2.0
// The savings table; each step opens to its demand and its use over time.

/// What it came to, and below it how far it spread.
function spreadText(spread, format) {
  if (!spread) return ["not known"];
  const least = format(spread.least);
  const most = format(spread.most);
  return least === most ? [most] : [`${format(spread.median)} median`, `${least} to ${most}`];
}

function stepFacts(shown) {
  const { tasks, attempts } = shown;
  const errors = Object.entries(shown.errors).map(([ending, count]) => `${count} ${endingText(ending)}`).join(", ");
  const facts = [
    ["Tasks", `${tasks.finished} finished`, ["failed", "up_to_date", "cancelled"].filter((key) => tasks[key] > 0)
      .map((key) => `${tasks[key]} ${key.replaceAll("_", " ")}`).join(", ")],
    ["Attempts", `${attempts.total}${attempts.retried ? `, ${attempts.retried} retried` : ""}`, errors],
    ["Runtime", ...spreadText(shown.runtime_s, formatSeconds)],
    ["Peak memory", ...spreadText(shown.memory_peak_bytes, formatBytes)],
    ["Reserved", ...spreadText(shown.memory_reserved_bytes, formatBytes)],
    ["Read", formatBytes(shown.read_bytes), `${formatBytes(shown.write_bytes)} written`],
  ];
  return el("dl", { class: "tiles", style: "margin-bottom:.8rem" }, facts.map(([name, text, note]) => tile(name, text, note)));
}

function stepRows(run, step, place, cells) {
  const id = `step-${place}`;
  const inner = el("div", { class: "inner" });
  const more = el("tr", { class: "more", id, hidden: true }, el("td", { colspan: cells.length + 1 }, inner));
  const open = el("button", { type: "button", class: "plain", "aria-expanded": "false", "aria-controls": id }, step.step);
  open.addEventListener("click", () => {
    const opens = more.hidden;
    more.hidden = !opens;
    open.setAttribute("aria-expanded", String(opens));
    if (opens && !inner.hasChildNodes()) {
      replace(inner, stepFacts(run.show.steps[place]), drawDemand(run, step, place),
        el("details", {}, el("summary", {}, "Used against reserved over the run"), overTimePair(run, step.over_time, step.step)));
    }
  });
  return [el("tr", {}, el("th", { scope: "row" }, open), cells), more];
}

function drawSteps(node, run) {
  if (run.steps.length === 0) return replace(node, el("p", { class: "card" }, "No task has joined the run."));
  const memory = savingsTable(run, "memory_gbh", (step, place, cells) => stepRows(run, step, place, cells));
  const cores = savingsTable(run, "cpu_ch", (step, place, cells) => [el("tr", {}, el("th", { scope: "row" }, step.step), cells)]);
  replace(node, el("div", { class: "card stack" }, el("div", {},
    el("p", { class: "small quiet" }, "Open a step to see its demand over time, its forecast and every peak."), memory),
  el("details", {}, el("summary", {}, "The same of cores"), cores)));
  // The step that matters most is open, so that it is seen what opening gives.
  const weight = (step) => (step.samples.length ? Math.max(step.memory_gbh.requested, step.memory_gbh.reserved) : -1);
  const heaviest = run.steps.reduce((best, step, at) => (weight(step) > weight(run.steps[best]) ? at : best), 0);
  if (weight(run.steps[heaviest]) >= 0) node.querySelectorAll("button.plain")[heaviest].click();
}
