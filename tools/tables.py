#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the tables of README and design pages from benches/*/result.json; --check only says whether they agree.

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


def schedule_batch():
    lines = ["| rules | backfilling | trace | FCFS | WFP3 | UNICEP | SJF | F1 | plimsoll |", "|---|---|---|---:|---:|---:|---:|---:|---:|"]
    result, rows = result_of("schedule"), {}
    for row in result["batch"]:
        rows.setdefault((row["mode"], row["trace"], row["backfill"]), {})[row["policy"]] = row["bounded_slowdown"]
    for (mode, trace, backfill), cells in rows.items():
        values = " | ".join(f"{cells[policy]:.2f}" if policy in cells else "" for policy in ("FCFS", "WFP3", "UNICEP", "SJF", "F1", "plimsoll"))
        lines.append(f"| {mode} | {'yes' if backfill else 'no'} | {trace} | {values} |")
    return lines


def schedule_pairs():
    lines = ["| trace | windows | rival | plimsoll | rival | less | 95 % of that mean | better in | medians |", "|---|---|---|---:|---:|---:|---|---:|---|"]
    for row in result_of("schedule")["comparisons"]:
        lines.append(f"| {row['trace']} | {row['count']} {row['windows']} | {row['rival']} | {row['plimsoll_mean']:.2f} | {row['rival_mean']:.2f} "
                     f"| {row['difference']:.2f} | {row['low']:.2f} to {row['high']:.2f} | {row['better']} "
                     f"| {row['plimsoll_median']:.2f}, {row['rival_median']:.2f} |")
    return lines


def schedule_gpus():
    lines = ["| load | asked for | random | dotprod | bestfit | fgd | plimsoll | plimsoll's seeds |", "|---|---:|---:|---:|---:|---:|---:|---|"]
    rows = {}
    for row in result_of("schedule")["gpus"]:
        rows.setdefault((row["workload"], row["load"]), {})[row["policy"]] = row
    for (workload, load), cells in rows.items():
        values = " | ".join(f"{100 * cells[policy]['gpu_allocated']:.2f} %" for policy in ("random", "dotprod", "bestfit", "fgd", "plimsoll"))
        own = cells["plimsoll"]
        lines.append(f"| {workload} | {100 * load:.0f} % | {values} | {100 * own['least']:.2f} to {100 * own['most']:.2f} % |")
    return lines


def schedule_workflows():
    lines = ["| machine | policy, sizes | against | graphs | makespan | 95 % of that mean | cores used | against |",
             "|---|---|---|---:|---:|---|---:|---:|"]
    for row in result_of("schedule")["workflows"]:
        lines.append(f"| {row['machine']} | {row['policy']}, {row['sizes']} | {row['against'].replace(' ', ', ')} | {row['dags']} "
                     f"| {row['ratio']:.4f} | {row['low']:.4f} to {row['high']:.4f} | {100 * row['utilisation']:.1f} % "
                     f"| {100 * row['utilisation_against']:.1f} % |")
    return lines


def schedule_decisions():
    lines = ["| nodes | queues | load | p50 us | p99 us | p99.9 us | starts a second |", "|---:|---:|---|---:|---:|---:|---:|"]
    for row in result_of("schedule")["decisions"]:
        cost = row["decision_us"]
        lines.append(f"| {row['nodes']} | {row['queues']} | {row['load']} | {cost['p50']:.1f} | {cost['p99']:.1f} | {cost['p999']:.1f} "
                     f"| {row['decisions_per_s']:.0f} |")
    reserve = max(row["reserve_us"] for row in result_of("schedule")["decisions"])
    return lines + ["", f"One more reservation in a calendar of 10,000 takes at most {reserve:.1f} us."]


def live_rows(part):
    return json.loads((ROOT / "benches" / "schedule" / "live.json").read_text())[part]


def span(values, form="{:.2f}"):
    values = sorted(values)
    return f"{form.format(values[len(values) // 2])} ({form.format(values[0])} to {form.format(values[-1])})"


def schedule_live():
    if not (ROOT / "benches" / "schedule" / "live.json").exists():
        return ["Not measured yet: `./dev bench schedule-live --write`."]
    lines = ["| measured | repeats | median (least to most) |", "|---|---:|---|"]

    def add(name, values, form="{:.2f}"):
        lines.append(f"| {name} | {len(values)} | {span(values, form)} |")

    def of(part, key, value, figure):
        return [row[figure] for row in live_rows(part) if row[key] == value]
    for between in ("steps of one run", "two runs"):
        add(f"share of CPU time of a queue due 75 %, {between}",
            [100 * share for share in of("shares", "between", between, "share_of_cpu_time")], "{:.1f} %")
    for others in dict.fromkeys(row["others_take"] for row in live_rows("deadlines")):
        due, = set(of("deadlines", "others_take", others, "deadline_s"))
        add(f"due at {due:.0f} s, others take {others}: done", of("deadlines", "others_take", others, "due_done_s"), "{:.1f} s")
        finished, there, frozen, again = (sum(of("deadlines", "others_take", others, figure)) for figure in (
            "others_finished", "others", "frozen", "run_again"))
        add(f"... and {finished} of {there} others, of whom {frozen} stood still and {again} ran again",
            of("deadlines", "others_take", others, "others_done_s"), "{:.1f} s")
    refusals = live_rows("refusals")
    add("due at 5 s and refused; the earliest that was named", [row["earliest_s"] for row in refusals], "{:.1f} s")
    lines.append(f"| ... and kept when asked for | | {sum(row['kept_then'] for row in refusals)} of {len(refusals)} |")
    for variant in dict.fromkeys(row["variant"] for row in live_rows("splitting")):
        parts = span(of("splitting", "variant", variant, "parts"), "{:.0f}")
        add(f"a large step, {variant}; parts {parts}", of("splitting", "variant", variant, "makespan_s"), "{:.1f} s")
    for mode in ("off", "on"):
        rows = [row for row in live_rows("prefetch") if row["prefetch"] == mode]
        if rows:
            add(f"a stage that reads {rows[0]['read_bytes'] / 2 ** 30:.0f} GiB, reading ahead {mode}: it takes", [row["stage_s"] for row in rows])
            add("... and the run", [row["makespan_s"] for row in rows])
    return lines + ["", "`./dev bench schedule-live`, on a quiet machine; how it is measured stands in the scripts."]


def fidelity():
    result = result_of("fidelity")
    lines = ["| example | sizes | tasks | runs | makespan | simulated, off at most | wasted, off at most | least tau |",
             "|---|---|---:|---:|---:|---:|---:|---:|"]
    groups = {}
    for row in result["rows"]:
        groups.setdefault((row["example"], row["sizes"]), []).append(row)
    for (example, sizes), rows in groups.items():
        makespans = sorted(row["makespan_s"] for row in rows)
        taus = [row["tau"] for row in rows if row["tau"] is not None]
        makespan_off, wasted_off = (100 * max(abs(row[off]) for row in rows) for off in ("makespan_off", "wasted_off"))
        lines.append(f"| {example} | {sizes} | {rows[0]['tasks']:,} | {len(rows)} | {makespans[len(makespans) // 2]:.3g} s "
                     f"| {makespan_off:.1f} % | {wasted_off:.1f} % | {f'{min(taus):.3f}' if taus else '-'} |")
    return lines + ["", "`./dev bench fidelity`, on a quiet machine. No tau: no two starts lie far enough apart."]


PAGES = ("README.md", "docs/design/scheduling.md", "docs/design/simulator.md")
TABLES = {"variants": variants, "run": run, "examples": examples, "schedule_batch": schedule_batch, "schedule_pairs": schedule_pairs,
          "schedule_gpus": schedule_gpus, "schedule_workflows": schedule_workflows,
          "schedule_decisions": schedule_decisions, "schedule_live": schedule_live,
          "fidelity": fidelity}


def fresh(match):
    return f"<!-- table: {match[1]} -->\n" + "\n".join(TABLES[match[1]]()) + "\n<!-- end of table -->"


def main():
    for name in PAGES:
        page = ROOT / name
        text = page.read_text()
        written = re.sub(r"<!-- table: (\w+) -->\n.*?<!-- end of table -->", fresh, text, flags=re.S)
        if "--check" not in sys.argv:
            page.write_text(written)
        elif written != text:
            sys.exit(f"{name}: a table is not what benches/*/result.json says; run tools/tables.py")


main()
