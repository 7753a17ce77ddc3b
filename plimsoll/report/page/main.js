// SPDX-License-Identifier: Apache-2.0
// Reads the data and draws the sections, those further down when they come into sight.

/// The columns of the attempts as they are looked up: places in the order of starts, changes by attempt.
function prepared(run) {
  const bars = run.attempts;
  bars.count = bars.task.length;
  bars.byStart = Array.from({ length: bars.count }, (_, at) => at).sort((a, b) => bars.start[a] - bars.start[b] || a - b);
  bars.place = new Int32Array(bars.count);
  bars.byStart.forEach((at, place) => { bars.place[at] = place; });
  bars.tasks = new Set(bars.task).size;
  run.bars = bars;
  run.freezesOf = grouped(run.freezes);
  run.changesOf = grouped(run.changes);
  return run;
}

function grouped(all) {
  const of = new Map();
  for (const one of all) {
    if (!of.has(one.attempt)) of.set(one.attempt, []);
    of.get(one.attempt).push(one);
  }
  return of;
}

const body = (id) => document.querySelector(`#${id} .body`);

function drawContents() {
  const shown = [...document.querySelectorAll("main > section")].filter((section) => !section.hidden);
  replace(document.getElementById("contents"), shown.map((section) =>
    el("li", {}, el("a", { href: `#${section.id}` }, section.querySelector("h2").textContent))));
}

function drawRun(run) {
  painters.clear();
  drawTitle(document.getElementById("title"), run);
  drawHeadline(body("saved"), run);
  drawFailures(document.getElementById("failures"), body("failures"), run);
  drawTimeline(body("timeline"), run);
  drawPath(body("path"), run);
  drawWaits(document.getElementById("waits"), body("waits"), run);
  const later = [["over-time", drawOverTime], ["steps", drawSteps], ["attempts", drawAttempts]];
  for (const [id, draw] of later) {
    // Kept as high as it was, so that the page does not jump while the other run is drawn.
    const node = body(id);
    replace(node, el("div", { style: `min-height:${Math.max(200, node.offsetHeight)}px` }));
    lazily(node, () => draw(node, run));
  }
  drawContents();
}

function drawWhich(runs) {
  if (runs.length < 2) return;
  const radio = (run, at, when) => el("label", {}, el("input", { type: "radio", name: "run", value: at, checked: at === 0,
    onchange: () => drawRun(runs[at]) }), ` ${when}: ${run.show.run}`);
  replace(document.getElementById("which"), el("fieldset", { class: "choice" }, el("legend", {}, "Sections show"),
    radio(runs[0], 0, "after"), radio(runs[1], 1, "before")));
}

function start() {
  const data = JSON.parse(document.getElementById("data").textContent);
  const runs = data.runs.map(prepared);
  drawWhich(runs);
  drawCompare(document.getElementById("compare"), body("compare"), runs);
  drawRun(runs[0]);
  replace(document.getElementById("foot"), el("p", {}, `Plimsoll ${data.version}. All figures are those of `,
    el("code", {}, `plimsoll show ${runs[0].show.run} --json`), "; GB = 10\u2079 bytes. Used: sampled memory without page cache, and CPU time. ",
    "Reserved: what was held, growth included. Wasted: reserved less used, failed attempts wholly. Requested: the workflow's own requests over the same times."));
}

start();
