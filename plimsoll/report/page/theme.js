// SPDX-License-Identifier: Apache-2.0
// The colours of the style sheet for what is painted on a canvas, in the light and in the dark.

const painters = new Set();

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/// All that the canvas needs, read once for a painting.
function colours() {
  const names = ["ink", "muted", "line", "card", "band", "used", "reserved", "failed", "frozen", "wait-memory",
    "wait-cpu", "wait-other", "focus", "running"];
  return Object.fromEntries(names.map((name) => [name, colour(name)]));
}

/// Calls `paint` whenever the colours have changed.
function onTheme(paint) {
  painters.add(paint);
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => painters.forEach((paint) => paint()));
