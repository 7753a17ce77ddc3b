// SPDX-License-Identifier: Apache-2.0
// Round numbers for axes.

/// At most about `count` round steps of seconds up to `end`.
function timeStep(end, count) {
  const steps = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800,
    3600, 7200, 14400, 21600, 43200, 86400];
  const least = end / Math.max(1, count);
  return steps.find((step) => step >= least) || Math.ceil(least / 86400) * 86400;
}

function timeLabel(seconds, step) {
  if (seconds === 0) return "0";
  if (step < 1) return `${seconds.toFixed(step < 0.01 ? 3 : step < 0.1 ? 2 : 1)} s`;
  if (step < 60 && seconds < 60) return `${seconds} s`;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = Math.round(seconds % 60);
  const two = (number) => String(number).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)} h` : `${minutes}:${two(rest)} min`;
}

function ticks(from, until, step) {
  const all = [];
  for (let at = Math.ceil(from / step - 1e-9) * step; at <= until + step * 1e-6; at += step) all.push(at);
  return all;
}

function byteTicks(most) {
  let step = 1;
  while (most / step > 4) step *= 2;
  return ticks(0, most, step);
}

function numberTicks(most) {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 1e-9) / 4));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => most / one <= 4.5);
  return ticks(0, most, step);
}
