// SPDX-License-Identifier: Apache-2.0
// Why the run took as long as it did: who waited for whom, from the start to the attempt that ended last.

const LEGS_SHOWN = 12;

/// How long the leg stood still, frozen, within its run.
const frozenIn = (run, leg) => Math.min(run.bars.frozen[leg.attempt], leg.end - leg.start);

/// Milliseconds of the path that went by running, frozen, waiting for each lack, and between attempts.
function pathShares(run) {
  const shares = new Map();
  const add = (what, ms) => { if (ms > 0) shares.set(what, (shares.get(what) || 0) + ms); };
  let at = 0;
  for (const leg of run.path) {
    add("between", leg.ready - at);
    add(lackText(run.bars.lacks[run.bars.lack[leg.attempt]]), leg.start - leg.ready);
    add("running", leg.end - leg.start - frozenIn(run, leg));
    add("frozen", frozenIn(run, leg));
    at = leg.end;
  }
  add("between", run.length_s * 1000 - at);
  return shares;
}

function pathSentence(run) {
  const length = run.length_s * 1000 || 1;
  const shares = [...pathShares(run)].filter(([, ms]) => ms >= SHORTEST_WAIT_MS).sort((a, b) => b[1] - a[1]);
  const told = shares.map(([what, ms]) => {
    const time = `${formatMs(ms)} (${formatPercent(ms / length)})`;
    const known = { running: "running", frozen: "frozen until memory was free", between: "before, between and after tasks" }[what];
    return `${time} ${known || `waiting for ${what}`}`;
  });
  return `Of ${formatSeconds(run.length_s)}: ${told.join(", ")}.`;
}

function pathBar(run) {
  const length = run.length_s * 1000 || 1;
  const part = (name, ms, text) => (ms <= 0 ? null : el("i", { class: name, style: `flex:${ms / length} 0 0`, title: text }));
  const parts = [];
  let at = 0;
  for (const leg of run.path) {
    const name = run.tasks[run.bars.task[leg.attempt]];
    const lack = run.bars.lacks[run.bars.lack[leg.attempt]];
    parts.push(part("", leg.ready - at, "between tasks"),
      part(WAIT_COLOUR[lack] ? `wait-leg-${lack}` : "wait-leg", leg.start - leg.ready, `${name} waited for ${lackText(lack)}`),
      part("run-leg", leg.end - leg.start - frozenIn(run, leg), `${name} ran`),
      part("frozen-leg", frozenIn(run, leg), `${name} was frozen`));
    at = leg.end;
  }
  parts.push(part("", length - at, "after the last task"));
  return el("div", { class: "pathbar", "aria-hidden": "true" }, parts);
}

function pathLegend(run) {
  const item = (name, text) => el("li", {}, el("i", { style: `background:var(--${name})` }), text);
  const waits = new Map(run.path.filter((leg) => leg.start - leg.ready >= SHORTEST_WAIT_MS)
    .map((leg) => run.bars.lacks[run.bars.lack[leg.attempt]]).map((lack) => [lackText(lack), waitColour(lack)]));
  return el("ul", { class: "legend", style: "margin:0 0 .7rem" }, item("used", "ran"),
    run.path.some((leg) => frozenIn(run, leg) >= SHORTEST_WAIT_MS) ? item("frozen", "frozen") : null,
    [...waits].map(([text, name]) => item(name, `waited for ${text}`)));
}

function legItem(run, leg) {
  const { bars } = run;
  const at = leg.attempt;
  const ending = bars.endings[bars.ending[at]];
  const waited = leg.start - leg.ready;
  const lack = bars.lacks[bars.lack[at]];
  return el("li", {}, el("strong", {}, run.tasks[bars.task[at]]), ending === "finished" ? "" : el("span", { class: "bad" }, ` ${endingText(ending)}`),
    ` ran ${formatMs(leg.end - leg.start)}`,
    frozenIn(run, leg) >= SHORTEST_WAIT_MS ? el("span", { class: "hold" }, ` (${formatMs(frozenIn(run, leg))} of it frozen until memory was free)`) : "",
    waited >= SHORTEST_WAIT_MS ? el("span", { class: "hold" }, `, after waiting ${formatMs(waited)} for ${lackText(lack)}`) : "");
}

function drawPath(node, run) {
  if (run.path.length === 0) return replace(node, el("p", { class: "card" }, "No task was started."));
  const isRecorded = run.bars.ready.some((ready) => ready !== null);
  const list = el("ol", { class: "legs" }, run.path.slice(0, LEGS_SHOWN).map((leg) => legItem(run, leg)));
  const rest = run.path.length - LEGS_SHOWN;
  const more = rest > 0 ? el("button", { type: "button", onclick: () => {
    list.append(...run.path.slice(LEGS_SHOWN).map((leg) => legItem(run, leg)));
    more.remove();
  } }, `Show the other ${rest.toLocaleString("en")}`) : null;
  replace(node, el("div", { class: "card" },
    isRecorded ? el("p", {}, pathSentence(run)) : el("p", { class: "quiet" },
      "This run was recorded by an older Plimsoll, which did not note who waited for whom: only the last attempt is known."),
    pathBar(run), pathLegend(run), list, more,
    el("p", { class: "small quiet", style: "margin:.8rem 0 0" },
      "From the attempt that ended last back to the start, each time to the one whose end made the next one ready.")));
}
