#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints runs side by side, from what `plimsoll show RUN --json` gave. Usage: table.py RUN.json..."""

import json
import sys

COLUMNS = ["requested", "reserved", "used", "wasted"]


def row(name: str, amounts: dict, makespan: str) -> str:
    return f"{name:<9}" + "".join(f"{amounts[column]:>12.4f}" for column in COLUMNS) + f"{makespan:>12}"


def table(runs: list[dict], key: str, unit: str) -> None:
    print(f"{unit:<9}" + "".join(f"{column:>12}" for column in COLUMNS) + f"{'makespan':>12}")
    for at, run in enumerate(runs, 1):
        print(row(f"run {at}", run[key], f"{run['makespan_s']:.1f} s"))


def main() -> None:
    runs = [json.load(open(path, encoding="utf-8")) for path in sys.argv[1:]]
    table(runs, "memory_gbh", "GB x h")
    print()
    table(runs, "cpu_ch", "core x h")
    last = runs[-1]
    asked, wasted = last["memory_gbh"]["wasted_by_requests"], last["memory_gbh"]["wasted"]
    if asked > 0:
        print(f"\nThe requests would have wasted {asked:.4f} GB x h in the last run; {wasted:.4f} were: "
              f"{100 * (1 - wasted / asked):.0f} % less.")
    attempts = last["attempts"]
    print(f"Failed tasks: {last['tasks']['failed']}, out of memory: {attempts['out_of_memory']}, "
          f"retried: {attempts['retried']} (last run)")


if __name__ == "__main__":
    main()
