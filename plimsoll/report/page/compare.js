// SPDX-License-Identifier: Apache-2.0
// Two runs side by side: totals, steps, and what was held and used at the same scale. A change is from the second run
// to the first.

function changeCell(after, before, lessIsBetter) {
  if (before === null || after === null || before === undefined || after === undefined) return { content: "-", number: true };
  if (before === after) return { content: "same", number: true };
  if (before === 0) return { content: "new", number: true };
  const share = after / before - 1;
  const text = Math.abs(share) < .005 ? "same" : `${share > 0 ? "+" : "\u2212"}${formatPercent(Math.abs(share))}`;
  const tone = lessIsBetter === null || text === "same" ? "" : (share < 0) === lessIsBetter ? "good" : "bad";
  return { content: el("span", { class: `change ${tone}` }, text), number: true };
}

function totalsRows(after, before) {
  const row = (key, name, a, b, format, lessIsBetter = true) => [{ content: name, header: true },
    { content: figure(`compare.before.${key}`, b, format(b)), number: true },
    { content: figure(`compare.after.${key}`, a, format(a)), number: true }, changeCell(a, b, lessIsBetter)];
  const amounts = (kind, label) => {
    const unit = amountUnit(kind, [after, before].flatMap((run) => ["requested", "reserved", "used"].map((name) => run.show[kind][name])));
    const one = (name, text, better) => row(`${kind}.${name}`, `${label} ${text}, ${unit.name}`, after.show[kind][name], before.show[kind][name], unit.format, better);
    return [one("requested", "requested", null), one("reserved", "reserved", true), one("used", "used", null), one("wasted", "wasted", true)];
  };
  const count = (group, key, name) => row(`${group}.${key}`, name, after.show[group][key], before.show[group][key], String, key === "finished" ? null : true);
  return [row("makespan_s", "Makespan", after.show.makespan_s, before.show.makespan_s, formatSeconds),
    ...amounts("memory_gbh", "Memory"), ...amounts("cpu_ch", "Cores"), count("tasks", "finished", "Tasks finished"), count("tasks", "failed", "Tasks failed"),
    count("attempts", "retried", "Retried"), count("attempts", "grown", "Grown in place"), count("attempts", "out_of_memory", "Out of memory")];
}

function stepCompareRows(after, before) {
  const old = new Map(before.show.steps.map((step) => [step.step, step]));
  const names = [...after.show.steps.map((step) => step.step), ...[...old.keys()].filter((name) => !after.show.steps.some((step) => step.step === name))];
  const now = new Map(after.show.steps.map((step) => [step.step, step]));
  const middle = (step, key) => (step && step[key] ? step[key].median : null);
  const cells = (name, key, format) => {
    const [a, b] = [middle(now.get(name), key), middle(old.get(name), key)];
    const text = (value) => ({ content: value === null ? "-" : format(value), number: true });
    return [text(b), text(a), changeCell(a, b, true)];
  };
  return names.map((name) => [{ content: name, header: true }, ...cells(name, "runtime_s", formatSeconds),
    ...cells(name, "memory_peak_bytes", formatBytes), ...cells(name, "memory_reserved_bytes", formatBytes)]);
}

function sameScale(after, before, kind, name) {
  const key = kind === "memory" ? "memory_bytes" : "cpu_cores";
  const requests = [after, before].every((run) => showsRequests(run.over_time));
  const shown = ["reserved", "used", ...(requests ? ["requested"] : [])];
  const most = Math.max(...[after, before].flatMap((run) => shown.flatMap((what) => run.over_time[what][key])), 1e-9) * 1.06;
  return [[before, "Before"], [after, "After"]].map(([run, when]) => el("div", {},
    el("h3", {}, `${when}: ${name} of ${run.show.run}`), overTimeChart(run, run.over_time, kind, `${when}, run ${run.show.run}`, { most, requests })));
}

function drawCompare(section, node, runs) {
  section.hidden = runs.length < 2;
  if (section.hidden) return;
  const [after, before] = runs;
  const number = (content) => ({ content, number: true });
  const steps = ["runtime", "peak memory", "reserved"].flatMap((what) => [number(`Median ${what}, before`), number("after"), number("Change")]);
  replace(node, el("div", { class: "stack" },
    after.show.workflow === before.show.workflow ? null : el("p", { class: "card" }, `These are runs of different workflows: ${before.show.workflow} and ${after.show.workflow}.`),
    el("div", { class: "card" }, table(`Run ${before.show.run} before, run ${after.show.run} after`,
      ["", number(`Before: ${before.show.run}`), number(`After: ${after.show.run}`), number("Change")], totalsRows(after, before))),
    el("div", { class: "card" }, el("div", { class: "pair" }, sameScale(after, before, "memory", "memory"))),
    el("div", { class: "card" }, el("h3", {}, "Step by step"), table("The steps of both runs", ["Step", ...steps], stepCompareRows(after, before)))));
}
