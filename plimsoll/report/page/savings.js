// SPDX-License-Identifier: Apache-2.0
// One row of figures for each step: requested, reserved, used, wasted, and what its own requests would have wasted.

const SAVING_HEADS = [["requested", "Requested"], ["reserved", "Reserved"], ["used", "Used"], ["wasted", "Wasted"],
  ["wasted_by_requests", "By requests"]];

function savedText(amounts) {
  const share = savedShare(amounts);
  return share === null ? "-" : formatPercent(share);
}

function savingCells(key, amounts, unit) {
  return [
    ...SAVING_HEADS.map(([name]) => el("td", { class: "number" }, figure(`${key}.${name}`, amounts[name], unit.format(amounts[name])))),
    el("td", { class: "number" }, savedText(amounts)),
  ];
}

/// `rowOf(step, place, cells)` makes a step's rows; the sum stands last.
function savingsTable(run, kind, rowOf) {
  const total = run.show[kind];
  const unit = amountUnit(kind, [total.requested, total.reserved, total.used], 100);
  const rows = run.steps.flatMap((step, at) => rowOf(step, at, savingCells(`steps.${step.step}.${kind}`, step[kind], unit)));
  const sum = el("tr", { class: "sum" }, el("th", { scope: "row" }, "All steps"), savingCells(kind, total, unit));
  const number = (content) => ({ content, number: true });
  const what = kind === "memory_gbh" ? "memory" : "cores";
  return table(`What each step requested, reserved, used and wasted of ${what}, in ${unit.name}`,
    [el("span", {}, `Step (${what}, ${unit.name})`), ...SAVING_HEADS.map(([, name]) => number(name)), number("Less waste")],
    [...rows, sum]);
}
