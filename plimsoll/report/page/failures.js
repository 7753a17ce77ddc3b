// SPDX-License-Identifier: Apache-2.0
// What went wrong: each failed task with its command and the last lines that it printed.

/// Colours of a terminal, as they are shown in text: "^[[31m".
const withoutColours = (text) => text.replace(/\^\[\[[0-9;]*[A-Za-z]/g, "");

function failureCard(failure) {
  const tried = failure.attempts > 1 ? ` after ${failure.attempts} attempts` : "";
  const rest = failure.cancelled - failure.cancelled_first.length;
  return el("article", { class: "card failure" },
    el("h3", {}, `${failure.task}: ${failure.outcome || failure.reason}${tried}`),
    failure.outcome && !failure.reason.startsWith(failure.outcome) ? el("p", {}, failure.reason) : null,
    failure.command ? el("details", {}, el("summary", {}, "Its command"), el("pre", { tabindex: 0 }, failure.command)) : null,
    failure.tail ? el("div", {}, el("p", { class: "small quiet", style: "margin:.5rem 0 0" }, `Its last lines, from ${failure.log}`), el("pre", { class: "tail", tabindex: 0 }, withoutColours(failure.tail)))
      : el("p", { class: "small quiet" }, failure.outcome ? "It printed nothing." : ""),
    failure.cancelled ? el("p", { class: "small", style: "margin:0" }, `${counted(failure.cancelled, "task")} that needed it did not run: ` +
      failure.cancelled_first.join(", ") + (rest > 0 ? ` and ${rest} more` : "")) : null);
}

function drawFailures(section, node, run) {
  section.hidden = run.failures.length === 0;
  if (section.hidden) return;
  const more = run.failures_left_out ? el("p", { class: "quiet" },
    `${counted(run.failures_left_out, "other task")} failed too; \u201Cplimsoll show ${run.show.run}\u201D names them.`) : null;
  replace(node, el("div", { class: "stack" }, run.failures.map(failureCard), more));
  // What went wrong stands at the end.
  for (const tail of node.querySelectorAll("pre.tail")) tail.scrollTop = tail.scrollHeight;
}
