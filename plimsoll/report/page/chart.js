// SPDX-License-Identifier: Apache-2.0
// Amounts over time as an SVG: areas and lines of equal steps, axes, and a cursor for pointer and arrow keys that
// says the values under it.
//
// chart: {label, step, unit: "bytes" | "cores", ceiling: number | 0, ceilingLabel, most,
//         series: [{name, values, kind: "area" | "line" | "dashed", colour}]}

const CHART = { height: 190, left: 62, right: 10, top: 8, bottom: 22 };

function stepPath(values, x, y, closes) {
  const base = y(0);
  let path = closes ? `M${x(0).toFixed(1)},${base.toFixed(1)}` : "";
  values.forEach((value, at) => {
    const height = y(value).toFixed(1);
    path += `${at === 0 && !closes ? "M" : "L"}${x(at).toFixed(1)},${height}H${x(at + 1).toFixed(1)}`;
  });
  return closes ? `${path}V${base.toFixed(1)}Z` : path;
}

const formatUnit = (unit, value) => (unit === "bytes" ? formatBytes(value) : `${formatCores(value)} cores`);

function axes(scene, chart, x, y, end) {
  const { width } = scene;
  const marks = chart.unit === "bytes" ? byteTicks(scene.most) : numberTicks(scene.most);
  const step = timeStep(end, width / 90);
  const parts = marks.map((value) => [
    svg("line", { class: "grid", x1: CHART.left, x2: width - CHART.right, y1: y(value), y2: y(value) }),
    svg("text", { x: CHART.left - 6, y: y(value) + 4, "text-anchor": "end" },
      chart.unit === "bytes" ? formatBytes(value) : formatCores(value)),
  ]);
  const times = ticks(0, end, step).map((at) => {
    const place = CHART.left + (at / end) * (width - CHART.left - CHART.right);
    return svg("text", { x: place, y: CHART.height - 6, "text-anchor": at === 0 ? "start" : place > width - 40 ? "end" : "middle" },
      timeLabel(at, step));
  });
  return [...parts.flat(), ...times];
}

function ceilingLine(scene, chart, y) {
  if (!chart.ceiling || chart.ceiling > scene.most) return [];
  return [svg("line", { x1: CHART.left, x2: scene.width - CHART.right, y1: y(chart.ceiling), y2: y(chart.ceiling),
    stroke: "var(--ink)", "stroke-width": 1.2, opacity: .55 })];
}

function shape(series, x, y) {
  const path = stepPath(series.values, x, y, series.kind === "area");
  if (series.kind === "area") return svg("path", { d: path, fill: `var(--${series.colour})` });
  return svg("path", { d: path, fill: "none", stroke: `var(--${series.colour})`, "stroke-width": 1.6,
    "stroke-dasharray": series.kind === "dashed" ? "5 4" : null });
}

function paintChart(chart, width) {
  const count = chart.series[0].values.length;
  const end = count * chart.step;
  const largest = Math.max(...chart.series.flatMap((series) => series.values), 0);
  // The machine's whole is worth its room only where the amounts come near it.
  const ceiling = chart.ceiling && chart.ceiling < largest * 4 ? chart.ceiling : 0;
  const scene = { width, most: chart.most || Math.max(largest, ceiling) * 1.06 || 1 };
  const x = (at) => CHART.left + (at / count) * (width - CHART.left - CHART.right);
  const y = (value) => CHART.height - CHART.bottom - (value / scene.most) * (CHART.height - CHART.top - CHART.bottom);
  const cursor = svg("line", { class: "cursor", y1: CHART.top, y2: CHART.height - CHART.bottom, visibility: "hidden" });
  const node = svg("svg", { class: "chart", viewBox: `0 0 ${width} ${CHART.height}`, height: CHART.height, role: "img",
    tabindex: 0, "aria-label": `${chart.label}. Arrow keys read it along time.` },
  axes(scene, chart, x, y, end), chart.series.map((series) => shape(series, x, y)), ceilingLine(scene, chart, y), cursor);
  return { node, cursor, x, count };
}

function chartLegend(chart) {
  const items = chart.series.map((series) => el("li", {},
    el("i", series.kind === "area" ? { style: `background:var(--${series.colour})` }
      : { class: series.kind === "dashed" ? "dashed" : "solid", style: `border-color:var(--${series.colour})` }), series.name));
  if (chart.ceiling) {
    items.push(el("li", {}, el("i", { class: "solid", style: "border-color:var(--ink)" }),
      `${chart.ceilingLabel}: ${formatUnit(chart.unit, chart.ceiling)}`));
  }
  return el("ul", { class: "legend" }, items);
}

/// The chart, with legend and readout, as wide as where it is put.
function areaChart(chart) {
  const place = el("div");
  const readout = el("output", { class: "readout", "aria-live": "polite" });
  onWidth(place, (width) => {
    const painted = paintChart(chart, width);
    let at = -1;
    const show = (next) => {
      at = Math.min(painted.count - 1, Math.max(0, next));
      const middle = painted.x(at + .5);
      painted.cursor.setAttribute("x1", middle);
      painted.cursor.setAttribute("x2", middle);
      painted.cursor.setAttribute("visibility", "visible");
      replace(readout, `At ${formatSeconds((at + .5) * chart.step)}: ` +
        chart.series.map((series) => `${formatUnit(chart.unit, series.values[at])} ${series.name}`).join(", "));
    };
    painted.node.addEventListener("pointermove", (event) => {
      const box = painted.node.getBoundingClientRect();
      const share = (event.clientX - box.left - CHART.left) / (box.width - CHART.left - CHART.right);
      if (share >= 0 && share <= 1) show(Math.floor(share * painted.count));
    });
    painted.node.addEventListener("keydown", (event) => {
      const jump = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: painted.count - 1 }[event.key];
      if (jump === undefined) return;
      event.preventDefault();
      show(jump);
    });
    replace(place, painted.node);
  });
  return el("div", {}, place, chartLegend(chart), readout);
}
