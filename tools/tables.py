#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the README's tables from benches/*/result.json; --check only says whether they agree.

A table stands between <!-- table: NAME --> and <!-- end of table -->. The results are written by
`./dev bench NAME --json > benches/NAME/result.json`.
"""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def result_of(name):
    return json.loads((ROOT / "benches" / name / "result.json").read_text())


def variants():
    result = result_of("variants")
    lines = ["| run | requested GB x h | reserved | used | wasted | makespan |", "|---|---:|---:|---:|---:|---:|"]
    for row in result["rows"]:
        if row["run"] not in ("first", "second", "learned 1", "requests 1"):
            continue
        name = {"first": "first, nothing known", "second": "second", "learned 1": "third", "requests 1": "held to the requests"}[row["run"]]
        memory = row["memory_gbh"]
        lines.append(f"| {name} | {memory['requested']:.4f} | {memory['reserved']:.4f} | {memory['used']:.4f} "
                     f"| {memory['wasted']:.4f} | {row['makespan_s']:.0f} s |")
    lines += ["", f"The third run wasted {100 * result['waste_less_than_requests']:.1f} % less memory x time than its requests would have, "
              f"{100 * result['waste_less_than_1_5_x_peak']:.0f} % less than requests of 1.5 x each true peak would have; "
              f"its makespan was {result['makespan_ratio']:.2f} x that of runs held to the requests (medians of interleaved pairs); "
              f"{result['failed_tasks']} tasks failed. `./dev bench variants`"]
    return lines


def run():
    lines = ["| tool | tasks | CPU ms per task | wall s |", "|---|---:|---:|---:|"]
    for row in result_of("run")["rows"]:
        name = row["tool"] + (", a cgroup per task" if row["variant"] == "cgroup" else "")
        lines.append(f"| {name} | {row['tasks']} | {row['cpu_ms_per_task']:.2f} | {row['wall_s']:.1f} |")
    return lines + ["", "Running `/bin/true` so often, two at a time, with history on. `./dev bench run`"]


def examples():
    lines = ["| example | tasks | requests waste GB x h | third run wastes | less | makespan | held to the requests | failed |",
             "|---|---:|---:|---:|---:|---:|---:|---:|"]
    result = result_of("examples")
    for row in [of_variants(result_of("variants"))] + result["rows"]:
        memory, makespan, name = row["memory_gbh"], row["makespan_s"], row["example"]
        lines.append(f"| [{name}](examples/{name}) | {row['tasks']} | {memory['wasted_by_requests']:.4f} | {memory['wasted']:.4f} "
                     f"| {100 * row['waste_less_than_requests']:.1f} % | {makespan['third']:.0f} s "
                     f"| {makespan['held_to_requests']:.0f} s | {row['failed_tasks']} |")
    return lines + ["", "Each from a fresh history; the makespan held to the requests is one run more. `./dev bench examples`, "
                    "`./dev bench variants`"]


def of_variants(result):
    """The third run of benches/variants, in the words of benches/examples."""
    third, held = (next(row for row in result["rows"] if row["run"] == name) for name in ("learned 1", "requests 1"))
    return {"example": "variants", "tasks": third["tasks"], "memory_gbh": third["memory_gbh"],
            "waste_less_than_requests": result["waste_less_than_requests"],
            "makespan_s": {"third": third["makespan_s"], "held_to_requests": held["makespan_s"]},
            "failed_tasks": result["failed_tasks"]}


TABLES = {"variants": variants, "run": run, "examples": examples}


def main():
    page = ROOT / "README.md"
    text = page.read_text()

    def fresh(match):
        return f"<!-- table: {match[1]} -->\n" + "\n".join(TABLES[match[1]]()) + "\n<!-- end of table -->"

    written = re.sub(r"<!-- table: (\w+) -->\n.*?<!-- end of table -->", fresh, text, flags=re.S)
    if "--check" in sys.argv:
        sys.exit(0 if written == text else "README.md: a table is not what benches/*/result.json says; run tools/tables.py")
    page.write_text(written)


main()
