// SPDX-License-Identifier: Apache-2.0
// What a step needs: its memory over a task's own time with the forecast and its bound, and task by task what was
// used under what was reserved.

const DEMAND = { height: 230, left: 62, right: 12, top: 10, bottom: 34 };
const DOTS = 300;

function demandFrame(width, label, most, parts) {
  const marks = byteTicks(most).map((value) => {
    const y = DEMAND.height - DEMAND.bottom - (value / most) * (DEMAND.height - DEMAND.top - DEMAND.bottom);
    return [svg("line", { class: "grid", x1: DEMAND.left, x2: width - DEMAND.right, y1: y, y2: y }),
      svg("text", { x: DEMAND.left - 6, y: y + 4, "text-anchor": "end" }, formatBytes(value))];
  });
  return svg("svg", { class: "chart", viewBox: `0 0 ${width} ${DEMAND.height}`, height: DEMAND.height, role: "img", "aria-label": label },
    marks.flat(), parts);
}

function levelLine(width, y, name) {
  return svg("line", { x1: DEMAND.left, x2: width - DEMAND.right, y1: y, y2: y, stroke: `var(--${name})`,
    "stroke-width": 1.8, "stroke-dasharray": "6 4" });
}

function curvePath(segments, x, y) {
  let path = `M${x(0).toFixed(1)},${y(segments.memory_bytes[0]).toFixed(1)}`;
  segments.until_ms.forEach((until, at) => {
    path += `V${y(segments.memory_bytes[at]).toFixed(1)}H${x(until).toFixed(1)}`;
  });
  return path;
}

function timeAxis(width, end, x) {
  const step = timeStep(end / 1000, width / 110);
  return ticks(0, end / 1000, step).map((at) => svg("text", { x: x(at * 1000), y: DEMAND.height - 18,
    "text-anchor": at === 0 ? "start" : x(at * 1000) > width - 40 ? "end" : "middle" }, timeLabel(at, step)));
}

function axisTitle(width, text) {
  return svg("text", { x: (DEMAND.left + width - DEMAND.right) / 2, y: DEMAND.height - 3, "text-anchor": "middle" }, text);
}

const curveOf = (forecast) => (forecast && forecast.curve.until_ms.length ? forecast.curve : null);

/// The most that a step's samples and forecast come to; and whether its request can be drawn with them: far above all
/// need it would flatten what is to be seen.
function demandTop({ forecast, samples, request }) {
  const curve = curveOf(forecast);
  const top = Math.max(forecast ? forecast.memory_bytes.bound : 0, ...samples.flatMap((one) => one.memory_bytes),
    curve ? Math.max(...curve.memory_bytes) : 0) || 1;
  return { top, showsRequest: request.memory_bytes !== null && request.memory_bytes < top * 3 };
}

function paintOverOwnTime(step, width) {
  const { forecast, samples, request } = step;
  const curve = curveOf(forecast);
  const end = Math.max(1, ...samples.map((one) => one.until_ms.at(-1)), curve ? curve.until_ms.at(-1) : 0);
  const bound = forecast ? forecast.memory_bytes.bound : 0;
  const { top, showsRequest } = demandTop(step);
  const most = Math.max(top, showsRequest ? request.memory_bytes : 0) * 1.06;
  const x = (ms) => DEMAND.left + (ms / end) * (width - DEMAND.left - DEMAND.right);
  const y = (bytes) => DEMAND.height - DEMAND.bottom - (bytes / most) * (DEMAND.height - DEMAND.top - DEMAND.bottom);
  return demandFrame(width, `Memory of ${step.step} over a task's own time: ${counted(samples.length, "sample")}, ` +
    `bound ${formatBytes(bound)}`, most, [
    ...samples.map((one) => svg("path", { d: curvePath(one, x, y), fill: "none", stroke: "var(--used)", "stroke-width": 1.2,
      opacity: Math.max(.25, 1 - samples.length * .05) })),
    showsRequest ? levelLine(width, y(request.memory_bytes), "requested") : null,
    forecast ? svg("path", { d: curve ? curvePath(curve, x, y) : `M${x(0)},${y(bound)}H${x(end)}`, fill: "none",
      stroke: "var(--ink)", "stroke-width": 2.2 }) : null,
    ...timeAxis(width, end, x), axisTitle(width, "a task's own time")].filter(Boolean));
}

/// The attempts of the step whose memory was measured: at most so many, evenly by peak, the largest among them.
function dotsOf(run, place) {
  const { bars } = run;
  const own = bars.byStart.filter((at) => bars.step[at] === place && bars.peak[at] !== null).sort((a, b) => bars.peak[a] - bars.peak[b]);
  if (own.length <= DOTS) return { dots: own, of: own.length };
  const dots = Array.from({ length: DOTS }, (_, at) => own[Math.round((at * (own.length - 1)) / (DOTS - 1))]);
  return { dots, of: own.length };
}

function paintTaskByTask(run, step, place, width) {
  const { bars } = run;
  const { dots } = dotsOf(run, place);
  const sizes = dots.map((at) => bars.input_bytes[at]);
  const largest = Math.max(...sizes);
  const smallest = Math.min(...sizes);
  const bySize = smallest < largest;
  const order = new Map([...dots].sort((a, b) => bars.place[a] - bars.place[b]).map((at, rank) => [at, rank]));
  const most = Math.max(...dots.map((at) => Math.max(bars.peak[at], bars.memory[at]))) * 1.06;
  const inner = width - DEMAND.left - DEMAND.right - 8;
  const x = (at) => DEMAND.left + 4 + inner * (bySize ? (bars.input_bytes[at] - smallest) / (largest - smallest) : (order.get(at) + .5) / dots.length);
  const y = (bytes) => DEMAND.height - DEMAND.bottom - (bytes / most) * (DEMAND.height - DEMAND.top - DEMAND.bottom);
  const request = step.request.memory_bytes;
  const marks = dots.flatMap((at) => [
    svg("path", { d: `M${x(at).toFixed(1)},${y(bars.peak[at]).toFixed(1)}V${y(bars.memory[at]).toFixed(1)}m-3,0h6`,
      stroke: "var(--running)", "stroke-width": 1.2, fill: "none", opacity: dots.length > 80 ? .25 : .9 }),
    svg("circle", { cx: x(at).toFixed(1), cy: y(bars.peak[at]).toFixed(1), r: dots.length > 80 ? 2.2 : 3.4,
      fill: `var(--${bars.endings[bars.ending[at]] === "finished" ? "used" : "failed"})` },
    svg("title", {}, `${run.tasks[bars.task[at]]}: ${formatBytes(bars.peak[at])} of ${formatBytes(bars.memory[at])}`)),
  ]);
  return demandFrame(width, `Peak memory of ${counted(dots.length, "attempt")} of ${step.step} under what was reserved`, most, [
    ...(request !== null && request < most ? [levelLine(width, y(request), "requested")] : []), ...marks,
    axisTitle(width, bySize ? `input of the task, ${formatBytes(smallest)} to ${formatBytes(largest)}` : "tasks in the order of their start")]);
}

const SOURCES = {
  kind: "of this step", tool: "of its tool in other workflows", workflow: "of this workflow", all: "of any kind",
};

/// Where the forecast came from and how sure it is, in a sentence; confidence only where it was measured.
function forecastText(step) {
  const { forecast } = step;
  if (!forecast) return "No attempt of this step was started.";
  const { memory_bytes: memory, samples, source, model, task } = forecast;
  if (source === "request") return `For ${task}, its last start: ${formatBytes(forecast.reserved_bytes)}, as requested; there was no history to learn from.`;
  const sure = [memory.stated === null ? null : `meant to hold for ${formatPercent(memory.stated)} of tasks`,
    memory.measured === null ? null : `has held for ${formatPercent(memory.measured)}`].filter(Boolean).join(", ");
  return `For ${task}, its last start: median ${formatBytes(memory.p50)}, bound ${formatBytes(memory.bound)}` +
    `${sure ? ` (${sure})` : ""}, from ${counted(samples, "finished attempt")} ${SOURCES[source] || ""} by ${model}.`;
}

function drawDemand(run, step, place) {
  const overTime = el("div");
  const byTask = el("div");
  const { dots, of } = dotsOf(run, place);
  if (step.samples.length || step.forecast) onWidth(overTime, (width) => replace(overTime, paintOverOwnTime(step, width)));
  if (dots.length) onWidth(byTask, (width) => replace(byTask, paintTaskByTask(run, step, place, width)));
  const line = (style, text, kind = "solid") => el("li", {}, el("i", { class: kind, style }), text);
  const request = step.request.memory_bytes;
  return el("div", {}, step.known ? el("p", { class: "small known" }, `Known before: ${step.known}.`) : null,
    el("p", { class: "small quiet" }, forecastText(step), request === null ? "" : ` Requested: ${formatBytes(request)}.`),
    el("div", { class: "pair" },
      el("div", {}, el("h3", {}, "Memory over a task's own time"), overTime,
        el("ul", { class: "legend" }, line("border-color:var(--ink)", "forecast with its bound"),
          line("border-color:var(--used)", `used, ${counted(step.samples.length, "sample")}`),
          demandTop(step).showsRequest ? line("border-color:var(--requested)", "requested", "dashed") : null)),
      el("div", {}, el("h3", {}, "Task by task"), byTask,
        el("ul", { class: "legend" }, el("li", {}, "\u25CF peak used, below what was reserved (\u2500)"),
          of > dots.length ? el("li", {}, `${dots.length} of ${of.toLocaleString("en")} shown`) : null))));
}
