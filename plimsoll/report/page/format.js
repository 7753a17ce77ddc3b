// SPDX-License-Identifier: Apache-2.0
// Amounts as Plimsoll spells them everywhere (plimsoll/base/units.cc).

function digits(value) {
  return value >= 99.95 ? value.toFixed(0) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

function formatBytes(bytes) {
  if (bytes === null || bytes === undefined) return "not known";
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let unit = 0;
  let value = bytes;
  while (value >= 999.5 && unit + 1 < units.length) {
    value /= 1024;
    ++unit;
  }
  return unit === 0 ? `${Math.round(value)} B` : `${digits(value)} ${units[unit]}`;
}

function formatCores(cores) {
  return cores === null || cores === undefined ? "not known" : String(Math.round(cores * 100) / 100);
}

function formatSeconds(seconds) {
  if (seconds < 99.95) return `${digits(seconds)} s`;
  const whole = Math.round(seconds);
  const two = (number) => String(number).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${two(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h ${two(Math.floor((whole % 3600) / 60))}m`;
}

const formatMs = (ms) => formatSeconds(ms / 1000);

function formatPercent(share) {
  const percent = Math.round(100 * share);
  return `${percent === 0 ? 0 : percent} %`;
}

function counted(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/// Amount x time: what one GB x h or core x h makes in a unit that fits the largest of the amounts.
const AMOUNT_UNITS = {
  memory_gbh: [["GB·h", 1], ["GB·s", 3600], ["MB·s", 3600e3]],
  cpu_ch: [["core·h", 1], ["core·s", 3600]],
};

/// `least`: what the largest should come to. In a table it is larger, lest small steps be all noughts.
function amountUnit(kind, amounts, least = 0.5) {
  const largest = Math.max(...amounts.map(Math.abs), 0);
  const units = AMOUNT_UNITS[kind];
  const [name, scale] = units.find(([, per]) => largest * per >= least) || units[units.length - 1];
  const decimals = (size) => (size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= .9995 ? 2 : 3);
  return { name, format: (amount) => (amount * scale).toFixed(decimals(Math.abs(amount * scale))).replace(/^-(0(\.0*)?)$/, "$1") };
}

/// The share of the waste of a workflow's own requests that was saved; null where they would have wasted nothing.
function savedShare(amounts) {
  return amounts.wasted_by_requests > 0 ? 1 - amounts.wasted / amounts.wasted_by_requests : null;
}

const LACKS = {
  memory: "memory", cpu: "cores", order: "its turn in line", starts: "the machine to take new processes",
  history: "the history to be written", queue: "its queue's turn", "": "the next look at the queue",
};
const lackText = (lack) => LACKS[lack] || lack;

const ENDINGS = {
  finished: "finished", running: "running", exit: "failed", signal: "killed", out_of_memory: "out of memory",
  timeout: "timeout", cancelled: "cancelled", missing_output: "missing output", preempted: "made room", lost: "lost",
  input_changed: "input changed", not_started: "not started",
};
const endingText = (ending) => ENDINGS[ending] || ending;
