// SPDX-License-Identifier: Apache-2.0
// The timeline on a canvas. A bar is loaded like a ship: its whole height is the memory reserved, the dark part what
// was used at the peak. What is narrower than a pixel is painted once a pixel.

const GANTT_TOP = 22;  // the axis

function paintGrid(context, view, theme) {
  context.strokeStyle = theme.line;
  for (const at of view.ticks) {
    const x = Math.round(view.x(at * 1000)) + .5;
    context.beginPath();
    context.moveTo(x, GANTT_TOP);
    context.lineTo(x, view.height);
    context.stroke();
  }
}

/// Above all else: rows that are scrolled go under it.
function paintAxis(context, view, theme) {
  context.fillStyle = theme.card;
  context.fillRect(0, 0, view.width, GANTT_TOP);
  context.font = "11px system-ui, sans-serif";
  context.fillStyle = theme.muted;
  for (const at of view.ticks) {
    const x = view.x(at * 1000);
    context.textAlign = x < 30 ? "left" : x > view.width - 50 ? "right" : "center";
    context.fillText(timeLabel(Math.round(at * 1000) / 1000, view.step), x, GANTT_TOP / 2);
  }
}

function paintStrip(context, view, group, theme) {
  const { byLack, most, count } = group.strip;
  const width = (view.x(view.length) - view.x(0)) / count;
  const base = view.y(group.top + 42);
  const filled = new Float64Array(count);
  for (const [lack, values] of byLack) {
    context.fillStyle = theme[waitColour(lack)];
    for (let at = 0; at < count; ++at) {
      if (values[at] === 0) continue;
      const height = (values[at] / most) * 20;
      context.fillRect(view.x(0) + at * width, base - filled[at] - height, Math.max(1, width + .5), height);
      filled[at] += height;
    }
  }
}

function paintGroups(context, view, layout, theme) {
  for (const group of layout.groups) {
    if (view.y(group.top + group.height) < GANTT_TOP || view.y(group.top) > view.height) continue;
    if (group.strip) paintStrip(context, view, group, theme);
    context.font = "600 12px system-ui, sans-serif";
    context.textAlign = "left";
    const y = view.y(group.top + 11);
    const text = group.strip ? `${group.name}   up to ${group.strip.most} waiting` : group.name;
    context.lineWidth = 4;
    context.strokeStyle = theme.card;
    context.strokeText(text, 6, y);
    context.lineWidth = 1;
    context.fillStyle = theme.ink;
    context.fillText(text, 6, y);
  }
}

function paintWait(context, view, bars, at, row, theme) {
  if (bars.ready[at] === null || bars.start[at] - bars.ready[at] < SHORTEST_WAIT_MS) return;
  const lack = bars.lacks[bars.lack[at]];
  const y = view.y(row.top + row.height / 2);
  context.strokeStyle = theme[waitColour(lack)];
  context.lineWidth = 3;
  context.setLineDash(lack === "memory" ? [] : lack === "cpu" ? [6, 3] : [2, 3]);
  context.beginPath();
  context.moveTo(view.x(bars.ready[at]), y);
  context.lineTo(view.x(bars.start[at]), y);
  context.stroke();
  context.setLineDash([]);
  context.lineWidth = 1;
}

function barColours(bars, at, theme) {
  const ending = bars.endings[bars.ending[at]];
  if (ending === "finished") return [theme.reserved, theme.used];
  return ending === "running" ? [theme.reserved, theme.running] : [theme.failed, theme.failed];
}

function paintBar(context, view, bars, at, row, theme) {
  const left = view.x(bars.start[at]);
  const width = Math.max(1, view.x(bars.end[at]) - left);
  const gap = row.height > 8 ? 2 : 1;
  const top = view.y(row.top) + gap / 2;
  const height = row.height - gap;
  const [whole, load] = barColours(bars, at, theme);
  context.fillStyle = whole;
  context.fillRect(left, top, width, height);
  const share = bars.peak[at] === null || bars.memory[at] <= 0 ? 0 : Math.min(1, bars.peak[at] / bars.memory[at]);
  context.fillStyle = load;
  context.fillRect(left, top + height * (1 - share), width, height * share);
  return left + width;
}

function paintMarks(context, view, run, row, theme) {
  for (const at of row.attempts) {
    // Where bars are this narrow marks would cover them.
    if (view.x(run.bars.end[at]) - view.x(run.bars.start[at]) < 6) continue;
    for (const freeze of run.freezesOf.get(at) || []) {
      context.fillStyle = theme.frozen;
      context.fillRect(view.x(freeze.from), view.y(row.top) + 1, Math.max(2, view.x(freeze.until) - view.x(freeze.from)), row.height - 2);
    }
    for (const change of run.changesOf.get(at) || []) {
      if (change.action !== "grow") continue;
      const x = view.x(change.at);
      const y = view.y(row.top);
      context.beginPath();
      context.moveTo(x - 4.5, y + 9);
      context.lineTo(x + 4.5, y + 9);
      context.lineTo(x, y + 2);
      context.closePath();
      context.fillStyle = theme.card;
      context.fill();
      context.strokeStyle = theme.ink;
      context.stroke();
    }
  }
}

function paintName(context, view, run, row, theme) {
  const first = row.attempts[0];
  const right = view.x(run.bars.end[row.attempts[row.attempts.length - 1]]);
  const name = run.tasks[run.bars.task[first]];
  const width = context.measureText(name).width;
  const isBeside = right + width + 8 < view.width;
  const x = isBeside ? Math.max(6, right + 6) : Math.max(6, view.x(run.bars.start[first]) - width - 8);
  context.strokeStyle = theme.card;
  context.lineWidth = 3;
  context.strokeText(name, x, view.y(row.top + row.height / 2));
  context.lineWidth = 1;
  context.fillStyle = theme.ink;
  context.fillText(name, x, view.y(row.top + row.height / 2));
}

function paintRow(context, view, run, layout, row, theme) {
  const { bars } = run;
  let painted = -1;
  for (const at of row.attempts) {
    if (layout.showsWaits) paintWait(context, view, bars, at, row, theme);
    const right = view.x(bars.end[at]);
    if (right < 0 || view.x(bars.start[at]) > view.width) continue;
    // A whole pixel is there already; failures are painted over it all the same.
    if (right <= painted && bars.endings[bars.ending[at]] === "finished") continue;
    painted = paintBar(context, view, bars, at, row, theme);
  }
  if (row.height > 8) paintMarks(context, view, run, row, theme);
}

function paintChosen(context, view, run, layout, chosen, theme) {
  const row = layout.rows.find((one) => one.attempts.includes(chosen));
  if (!row) return;
  const left = view.x(run.bars.start[chosen]);
  context.strokeStyle = theme.focus;
  context.lineWidth = 2.5;
  context.strokeRect(left - 1.5, view.y(row.top) - .5, Math.max(1, view.x(run.bars.end[chosen]) - left) + 3, row.height + 1);
  context.lineWidth = 1;
}

/// view: {from, until (ms shown), length, width, height, x(ms), y(layout height)}.
function paintGantt(context, view, run, layout, chosen) {
  const theme = colours();
  context.fillStyle = theme.card;
  context.fillRect(0, 0, view.width, view.height);
  view.step = timeStep((view.until - view.from) / 1000, view.width / 90);
  view.ticks = ticks(view.from / 1000, view.until / 1000, view.step);
  paintGrid(context, view, theme);
  const isSeen = (row) => view.y(row.top + row.height) >= GANTT_TOP && view.y(row.top) <= view.height;
  const seen = layout.rows.filter(isSeen);
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "middle";
  for (const row of seen) paintRow(context, view, run, layout, row, theme);
  context.textAlign = "left";
  for (const row of seen) if (row.isTask && row.height > 8) paintName(context, view, run, row, theme);
  paintGroups(context, view, layout, theme);
  if (chosen !== null) paintChosen(context, view, run, layout, chosen, theme);
  paintAxis(context, view, theme);
}
