// SPDX-License-Identifier: Apache-2.0
// Who the run is, and the one figure it was made for: what was saved against the workflow's own requests.

const STATE_CLASS = { finished: "good", failed: "bad", interrupted: "bad", cancelled: "bad" };

function drawTitle(node, run) {
  const { show } = run;
  const started = show.started.replace("T", " ").replace(/\.\d+Z$/, " UTC");
  replace(node,
    el("h1", {}, show.workflow, " ", el("span", { class: `badge ${STATE_CLASS[show.state] || ""}` }, show.state)),
    el("p", { class: "quiet small" }, `run ${show.run}, started ${started}, `,
      run.ended || show.state !== "running" ? formatSeconds(run.length_s) : `${formatSeconds(run.length_s)} so far`));
}

/// What the run's memory says in one sentence; the large figure is its share.
function verdict(amounts, everyStepAsks) {
  const share = savedShare(amounts);
  const usedShare = amounts.used / amounts.reserved;
  if (amounts.reserved === 0) return { big: "Nothing ran", lead: "Everything was up to date, or nothing came to its end." };
  if (share === null || (!everyStepAsks && Math.abs(share) < .005)) {
    return { big: "Nothing asked for", lead: "Steps without a request of their own leave nothing to compare with. " +
      `Of the memory that was reserved ${usedShare < .01 ? "less than 1 %" : formatPercent(usedShare)} was used.` };
  }
  if (Math.abs(share) < .005) {
    return { big: "As requested", lead: "Reserved just what the workflow asks for: without history a step gets what its " +
      "author wrote. The next run is sized by what this one used." };
  }
  return share > 0
    ? { big: `${formatPercent(share)} less`, lead: "memory wasted than with the workflow's own requests." }
    : { big: `${formatPercent(-share)} more`, lead: "memory wasted than with the workflow's own requests." };
}

function meter(kind, label, amounts) {
  const unit = amountUnit(kind, [amounts.requested, amounts.reserved, amounts.used]);
  const most = Math.max(amounts.requested, amounts.reserved, amounts.used) || 1;
  const row = (key, name) => [
    el("dt", {}, name),
    el("dd", { class: "track" }, el("i", { class: `fill-${key}`, style: `width:${(100 * amounts[key]) / most}%` })),
    el("dd", {}, figure(`${kind}.${key}`, amounts[key], unit.format(amounts[key]))),
  ];
  const saved = savedShare(amounts);
  return el("div", { class: "card" },
    el("h3", {}, `${label}, `, el("span", { class: "quiet" }, unit.name)),
    el("dl", { class: "meter" }, row("requested", "Requested"), row("reserved", "Reserved"), row("used", "Used")),
    el("p", { class: "small quiet", style: "margin:.7rem 0 0" }, "Wasted ",
      figure(`${kind}.wasted`, amounts.wasted, unit.format(amounts.wasted)), "; by its own requests ",
      figure(`${kind}.wasted_by_requests`, amounts.wasted_by_requests, unit.format(amounts.wasted_by_requests)),
      saved === null ? "" : ` (${saved < 0 ? `${formatPercent(-saved)} more` : `${formatPercent(saved)} less`})`));
}

function tile(name, value, note) {
  return el("div", {}, el("dt", {}, name), el("dd", {}, value, note ? el("small", {}, note) : null));
}

function tiles(run) {
  const { tasks, attempts, makespan_s: makespan } = run.show;
  const count = (key, value) => figure(key, value, value.toLocaleString("en"));
  const others = [["failed", "failed"], ["up_to_date", "up to date"], ["cancelled", "cancelled"]]
    .filter(([key]) => tasks[key] > 0)
    .flatMap(([key, name], at) => [at ? ", " : "", count(`tasks.${key}`, tasks[key]), ` ${name}`]);
  const length = run.ended ? figure("makespan_s", makespan, formatSeconds(makespan)) : formatSeconds(run.length_s);
  return el("dl", { class: "tiles" },
    tile("Makespan", length),
    tile("Tasks finished", count("tasks.finished", tasks.finished), others.length ? others : null),
    tile("Attempts", count("attempts.total", attempts.total), [count("attempts.retried", attempts.retried), " retried, ",
      count("attempts.preempted", attempts.preempted), " made room"]),
    tile("Grown in place", count("attempts.grown", attempts.grown), "instead of killed"),
    tile("Frozen", count("attempts.frozen", attempts.frozen), "while memory was short"),
    tile("Out of memory", count("attempts.out_of_memory", attempts.out_of_memory),
      [count("attempts.timeout", attempts.timeout), " timed out"]));
}

function drawHeadline(node, run) {
  const { show } = run;
  const everyStepAsks = show.steps_without_request === 0;
  const { big, lead } = verdict(show.memory_gbh, everyStepAsks);
  replace(node,
    el("div", { class: "stack" },
      el("div", { class: "card hero" },
        el("div", {}, el("div", { class: "big" }, big), el("p", { class: "lead" }, lead)), tiles(run)),
      el("div", { class: "pair" }, meter("memory_gbh", "Memory", show.memory_gbh), meter("cpu_ch", "Cores", show.cpu_ch)),
      everyStepAsks ? null : el("p", { class: "small quiet" },
        figure("steps_without_request", show.steps_without_request, String(show.steps_without_request)),
        ` ${show.steps_without_request === 1 ? "step has" : "steps have"} no request of memory or cores: counted with what was reserved.`)));
}
