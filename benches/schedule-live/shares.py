# SPDX-License-Identifier: Apache-2.0
"""What two queues of weights 3 : 1 get of the machine while both have work waiting.

Eight tasks fill the machine, six of a and two of b once it is shared; each burns CPU. Both queues have the same amount of
work, so a is done first: what counts is the time from when what ran before both had work has ended, since nobody is
stopped for shares, to when a's last task has started. The share is by CPU time that tasks used, and by cores x time that was held for them; a task that ran only in part within
that time counts by that part.
"""
from machine import BURN, CORES, at  # noqa: F401

DUE = 0.75
PLACES = 8
TASKS = 48
CONFIG = "queues:\n  a: {weight: 3}\n  b: {weight: 1}\n"


def step(queue, count):
    return (f"  {queue}:\n    scatter: {{i: {{range: [1, {count}]}}}}\n    command: python3 burn.py {0.9 * CORES / PLACES}\n"
            f"    queue: {queue}\n    request: {{cpu: {CORES / PLACES:.4f}, memory: 16MiB, time: 1s}}\n    env: {{I: x}}\n")


def attempts(ended_runs):
    """(queue, start, end, cores, CPU seconds) of every task, from the events."""
    rows = []
    for ended in ended_runs:
        started = {(event["task"], event["attempt"]): event for event in ended.of("task_started")}
        for event in ended.of("task_finished"):
            begun = started[event["task"], event["attempt"]]
            rows.append((event["step"], at(begun), at(event), begun["reserved"]["cpu_cores"], event["used"]["cpu_s"]))
    return rows


def shares(rows):
    both = max(min(row[1] for row in rows if row[0] == queue) for queue in "ab")
    first = max([both] + [end for _, start, end, _, _ in rows if start < both])
    last = min(max(row[1] for row in rows if row[0] == queue) for queue in "ab")
    held, used = {"a": 0.0, "b": 0.0}, {"a": 0.0, "b": 0.0}
    for queue, start, end, cores, cpu_s in rows:
        within = max(0.0, min(end, last) - max(start, first))
        held[queue] += cores * within
        used[queue] += cpu_s * within / (end - start)
    return {"contended_s": last - first, "share_of_cpu_time": used["a"] / sum(used.values()),
            "share_of_reserved": held["a"] / sum(held.values()), "due": DUE}


def measure(desk, _):
    desk.write("config.yaml", CONFIG)
    flags = ("--config", "config.yaml", "--sizing", "requests")
    desk.write("one.yaml", "steps:\n" + step("b", TASKS) + step("a", TASKS))
    yield {"between": "steps of one run"} | shares(attempts([desk.run("one.yaml", *flags)]))
    for queue in "ab":
        desk.write(f"{queue}/w.yaml", "steps:\n" + step(queue, TASKS))
        desk.write(f"{queue}/burn.py", BURN)
    both = [desk.begin(f"{queue}/w.yaml", *flags) for queue in "ba"]
    yield {"between": "two runs"} | shares(attempts([desk.end(process) for process in both]))
