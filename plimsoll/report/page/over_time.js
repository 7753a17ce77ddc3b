// SPDX-License-Identifier: Apache-2.0
// What was requested, reserved and used at each moment: of the machine, or of one step.

/// Requests far above all that was held would flatten what is to be seen: they are drawn when asked for.
const FAR_ABOVE = 4;

function showsRequests(overTime) {
  const peak = (name) => Math.max(0, ...overTime[name].memory_bytes);
  return peak("requested") <= FAR_ABOVE * peak("reserved");
}

function overTimeChart(run, overTime, kind, title, { most = 0, requests = true } = {}) {
  const key = kind === "memory" ? "memory_bytes" : "cpu_cores";
  const peak = (name) => Math.max(0, ...overTime[name][key]);
  const unit = kind === "memory" ? "bytes" : "cores";
  return areaChart({
    label: `${title}, ${kind} over time: at most ${formatUnit(unit, peak("reserved"))} reserved and ` +
      `${formatUnit(unit, peak("used"))} used`,
    step: overTime.step_s,
    unit,
    most,
    ceiling: run.capacity[key],
    ceilingLabel: "the machine",
    series: [
      { name: "reserved", values: overTime.reserved[key], kind: "area", colour: "reserved" },
      { name: "used", values: overTime.used[key], kind: "area", colour: "used" },
      requests ? { name: "requested", values: overTime.requested[key], kind: "dashed", colour: "requested" } : null,
    ].filter(Boolean),
  });
}

function overTimePair(run, overTime, title, requests = showsRequests(overTime)) {
  return el("div", { class: "pair" },
    el("div", {}, el("h3", {}, "Memory"), overTimeChart(run, overTime, "memory", title, { requests })),
    el("div", {}, el("h3", {}, "Cores"), overTimeChart(run, overTime, "cpu", title, { requests })));
}

function drawOverTime(node, run) {
  const place = el("div");
  const requests = el("input", { type: "checkbox", checked: showsRequests(run.over_time), onchange: () => show() });
  const show = () => {
    const step = run.steps[Number(choice.value)];
    replace(place, overTimePair(run, step ? step.over_time : run.over_time, step ? step.step : "The machine", requests.checked));
  };
  const options = [el("option", { value: -1 }, "the whole run"), ...run.steps.map((step, at) => el("option", { value: at }, step.step))];
  const choice = el("select", { onchange: () => show() }, options);
  replace(node, el("div", { class: "card" },
    el("div", { class: "tools" }, el("label", {}, "Show ", choice),
      el("label", {}, requests, " with what was requested")), place,
    el("p", { class: "small quiet", style: "margin:.6rem 0 0" },
      "Requested: what the workflow itself asks for of the tasks that ran at that moment. ",
      `Each point is the mean over ${formatSeconds(run.over_time.step_s)}; used memory is the largest seen in each stretch.`)));
  show();
}
