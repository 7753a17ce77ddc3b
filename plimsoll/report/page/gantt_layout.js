// SPDX-License-Identifier: Apache-2.0
// Which attempt stands in which row. By task: a row for each task. By step: as few rows as hold a step's attempts side
// by side, and above them how many of its tasks wait, for what.

const WAIT_COLOUR = { memory: "wait-memory", cpu: "wait-cpu" };
const waitColour = (lack) => WAIT_COLOUR[lack] || "wait-other";
const SHORTEST_WAIT_MS = 20;  // shorter ones are the loop's own time

/// Layouts: {rows: [{top, height, attempts}], groups: [{name, top, height, strip?}], height}.
function layOutByTask(run) {
  const { bars } = run;
  const ofTask = new Map();
  for (const at of bars.byStart) {
    if (!ofTask.has(bars.task[at])) ofTask.set(bars.task[at], []);
    ofTask.get(bars.task[at]).push(at);
  }
  const rowHeight = ofTask.size > 400 ? 12 : 18;
  const rows = [...ofTask.values()].map((attempts, row) => ({ top: row * rowHeight, height: rowHeight, attempts, isTask: true }));
  return { rows, groups: [], height: rows.length * rowHeight, showsWaits: true };
}

/// Greedy: each attempt goes to the first row that is free by then.
function packStep(run, attempts) {
  const ends = [];
  const rows = [];
  for (const at of attempts) {
    let row = ends.findIndex((end) => end <= run.bars.start[at]);
    if (row < 0) {
      row = ends.length;
      rows.push([]);
    }
    ends[row] = run.bars.end[at];
    rows[row].push(at);
  }
  return rows;
}

/// How many attempts wait for each lack, in `count` equal stretches of the run.
function waitingOverTime(run, attempts, count) {
  const { bars } = run;
  const length = Math.max(1, run.length_s * 1000);
  const byLack = new Map();
  let most = 0;
  for (const at of attempts) {
    if (bars.ready[at] === null || bars.start[at] - bars.ready[at] < SHORTEST_WAIT_MS) continue;
    const lack = bars.lacks[bars.lack[at]];
    if (!byLack.has(lack)) byLack.set(lack, new Float64Array(count + 1));
    const changes = byLack.get(lack);
    ++changes[Math.min(count, Math.floor((bars.ready[at] / length) * count))];
    --changes[Math.min(count, Math.ceil((bars.start[at] / length) * count))];
  }
  for (const changes of byLack.values()) for (let at = 1; at <= count; ++at) changes[at] += changes[at - 1];
  for (let at = 0; at < count; ++at) most = Math.max(most, [...byLack.values()].reduce((sum, one) => sum + one[at], 0));
  return { byLack, most, count };
}

function layOutByStep(run) {
  const { bars } = run;
  const ofStep = run.steps.map(() => []);
  for (const at of bars.byStart) ofStep[bars.step[at]].push(at);
  const packed = ofStep.map((attempts) => packStep(run, attempts));
  const lanes = packed.reduce((sum, rows) => sum + rows.length, 0);
  const rowHeight = lanes > 200 ? 5 : lanes > 60 ? 9 : 18;
  const rows = [];
  const groups = [];
  let top = 0;
  packed.forEach((lanesOfStep, step) => {
    if (lanesOfStep.length === 0) return;
    const strip = waitingOverTime(run, ofStep[step], 600);
    const group = { name: run.steps[step].step, top, strip: strip.most > 0 ? strip : null };
    top += 20 + (group.strip ? 24 : 0);
    for (const attempts of lanesOfStep) {
      rows.push({ top, height: rowHeight, attempts });
      top += rowHeight;
    }
    top += 6;
    group.height = top - group.top;
    groups.push(group);
  });
  return { rows, groups, height: top, showsWaits: false };
}

/// The row at a height, by bisection; null between rows.
function rowAt(layout, y) {
  let low = 0;
  let high = layout.rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (layout.rows[middle].top <= y) low = middle;
    else high = middle - 1;
  }
  const row = layout.rows[low];
  return row && y >= row.top && y < row.top + row.height ? row : null;
}
