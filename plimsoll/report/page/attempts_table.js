// SPDX-License-Identifier: Apache-2.0
// Every attempt as a table: searched, sorted, a page at a time, so that ten thousand cost no more than a hundred.

const ROWS_A_PAGE = 50;

/// name, what to sort by, what to show.
const ATTEMPT_COLUMNS = [
  { name: "Task", value: (run, at) => run.tasks[run.bars.task[at]],
    show: (run, at) => (run.bars.number[at] > 1 ? `${run.tasks[run.bars.task[at]]} (attempt ${run.bars.number[at]})` : run.tasks[run.bars.task[at]]) },
  { name: "Ended", value: (run, at) => endingText(run.bars.endings[run.bars.ending[at]]) },
  { name: "Started", number: true, value: (run, at) => run.bars.start[at], show: (run, at) => formatMs(run.bars.start[at]) },
  { name: "Waited", number: true, value: (run, at) => waitOf(run, at) ?? -1, show: (run, at) => waitText(run, at) },
  { name: "Runtime", number: true, value: (run, at) => run.bars.runtime[at], show: (run, at) => formatMs(run.bars.runtime[at]) },
  { name: "Requested", number: true, value: (run, at) => run.bars.request[at] ?? -1,
    show: (run, at) => (run.bars.request[at] === null ? "-" : formatBytes(run.bars.request[at])) },
  { name: "Reserved", number: true, value: (run, at) => run.bars.memory[at], show: (run, at) => formatBytes(run.bars.memory[at]) },
  { name: "Peak", number: true, value: (run, at) => run.bars.peak[at] ?? -1,
    show: (run, at) => (run.bars.peak[at] === null ? "not measured" : formatBytes(run.bars.peak[at])) },
  { name: "CPU time", number: true, value: (run, at) => run.bars.cpu[at], show: (run, at) => formatMs(run.bars.cpu[at]) },
];

function waitOf(run, at) {
  return run.bars.ready[at] === null ? null : run.bars.start[at] - run.bars.ready[at];
}

function waitText(run, at) {
  const waited = waitOf(run, at);
  if (waited === null) return "-";
  const lack = run.bars.lacks[run.bars.lack[at]];
  return waited < SHORTEST_WAIT_MS || !lack ? formatMs(waited) : `${formatMs(waited)}, ${lackText(lack)}`;
}

class AttemptsTable {
  constructor(run) {
    this.run = run;
    this.text = "";
    this.ending = "";
    this.column = ATTEMPT_COLUMNS[2];
    this.isFalling = false;
    this.page = 0;
    this.place = el("div");
    this.found = el("output", { class: "small quiet", "aria-live": "polite" });
    this.search();
  }

  search() {
    const { bars, tasks } = this.run;
    const wanted = this.text.toLowerCase();
    this.rows = bars.byStart.filter((at) => tasks[bars.task[at]].toLowerCase().includes(wanted) &&
      (this.ending === "" || bars.endings[bars.ending[at]] === this.ending));
    this.sort();
  }

  sort() {
    const { value } = this.column;
    const sign = this.isFalling ? -1 : 1;
    const keys = new Map(this.rows.map((at) => [at, value(this.run, at)]));
    const compare = (a, b) => (typeof a === "string" ? a.localeCompare(b, "en", { numeric: true }) : a - b);
    this.rows.sort((a, b) => sign * compare(keys.get(a), keys.get(b)) || a - b);
    this.page = 0;
    this.draw();
  }

  head(column) {
    const isOwn = column === this.column;
    const mark = isOwn ? (this.isFalling ? " \u2193" : " \u2191") : "";
    const sort = () => {
      this.isFalling = isOwn ? !this.isFalling : column.number === true;
      this.column = column;
      this.sort();
      this.place.querySelector(`[data-column="${column.name}"]`).focus();
    };
    return { number: column.number, content: el("button", { type: "button", class: "sort", "data-column": column.name,
      "aria-label": `Sort by ${column.name}${isOwn ? (this.isFalling ? ", falling now" : ", rising now") : ""}`, onclick: sort }, column.name + mark) };
  }

  draw() {
    const from = this.page * ROWS_A_PAGE;
    const shown = this.rows.slice(from, from + ROWS_A_PAGE);
    const rows = shown.map((at) => ATTEMPT_COLUMNS.map((column, place) => ({
      content: (column.show || column.value)(this.run, at), number: column.number, header: place === 0 })));
    replace(this.found, this.rows.length === 0 ? "none found"
      : `${(from + 1).toLocaleString("en")} to ${(from + shown.length).toLocaleString("en")} of ${counted(this.rows.length, "attempt")}`);
    const turn = (pages) => {
      this.page += pages;
      this.draw();
    };
    replace(this.place, table("Attempts", ATTEMPT_COLUMNS.map((column) => this.head(column)), rows),
      el("div", { class: "tools", style: "margin:.7rem 0 0" },
        el("button", { type: "button", disabled: this.page === 0, onclick: () => turn(-1) }, "Previous"),
        el("button", { type: "button", disabled: from + ROWS_A_PAGE >= this.rows.length, onclick: () => turn(1) }, "Next")));
  }
}

function drawAttempts(node, run) {
  if (run.bars.count === 0) return replace(node, el("p", { class: "card" }, "None."));
  const all = new AttemptsTable(run);
  const search = (event) => {
    all.text = event.target.value;
    all.search();
  };
  const choose = (event) => {
    all.ending = event.target.value;
    all.search();
  };
  replace(node, el("div", { class: "card" },
    el("div", { class: "tools" },
      el("label", {}, "Task ", el("input", { type: "search", placeholder: "part of a name", oninput: search })),
      el("label", {}, "Ended ", el("select", { onchange: choose }, el("option", { value: "" }, "any way"),
        run.bars.endings.map((ending) => el("option", { value: ending }, endingText(ending))))), all.found),
    all.place));
}
