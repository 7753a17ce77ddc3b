// SPDX-License-Identifier: Apache-2.0
// Who waited, for what, and who held the machine meanwhile.

const WAITS_SHOWN = 12;
const HOLDERS_SHOWN = 3;

/// "cores (80 %), its turn in line (20 %)": causes of less than a hundredth are left out.
function lacksText(waits) {
  return waits.lacks.filter(({ ms }) => ms >= waits.total / 100)
    .map(({ lack, ms }) => (waits.lacks.length === 1 ? lackText(lack) : `${lackText(lack)} (${formatPercent(ms / waits.total)})`)).join(", ");
}

function holdersText(waits) {
  if (waits.holders.length === 0) return "nobody of this run";
  const told = waits.holders.slice(0, HOLDERS_SHOWN).map(({ group, share }) => `${group} ${formatPercent(share)}`);
  const rest = waits.holders.slice(HOLDERS_SHOWN).reduce((sum, { share }) => sum + share, 0);
  return told.join(", ") + (rest >= .005 ? `, others ${formatPercent(rest)}` : "");
}

function waitRow(waits) {
  return [{ content: waits.group, header: true }, { content: waits.attempts.toLocaleString("en"), number: true },
    { content: formatMs(waits.total), number: true }, { content: formatMs(waits.longest), number: true },
    lacksText(waits), holdersText(waits)];
}

function waitsTable(name, all) {
  const heads = [name, { content: "Attempts", number: true }, { content: "In all", number: true },
    { content: "Longest", number: true }, "For", "Held meanwhile by"];
  const rows = all.slice(0, WAITS_SHOWN).map(waitRow);
  const rest = all.length - rows.length;
  return el("div", { class: "card" }, table(`Who waited, by ${name.toLowerCase()}`, heads, rows),
    rest > 0 ? el("p", { class: "small quiet" }, `${counted(rest, "other")} waited for less.`) : null);
}

function drawWaits(section, node, run) {
  section.hidden = run.waits_by_step.length === 0;
  if (section.hidden) return replace(node);
  replace(node, el("div", { class: "stack" },
    run.waits_by_queue.length > 0 ? waitsTable("Queue", run.waits_by_queue) : null,
    waitsTable("Step", run.waits_by_step),
    el("p", { class: "small quiet" }, "From when all that an attempt needed was there to its start. Held: the mean share of the ",
      "machine, of its memory where memory was short and else of its cores, that this run's own attempts held over those waits.")));
}
