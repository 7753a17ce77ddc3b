# SPDX-License-Identifier: Apache-2.0
"""Deadlines beside work that has none.

`low` fills all cores but for what `gate` needs beside it; `gate` takes a moment, then `due` wants all cores for DUE_S. In the first case low has many more
tasks than there are cores, takes as long as was forecast, and room is kept for due. In the others low began where it was
to be done in time, and then takes far longer: when due must start, who runs in its way stands still where cores alone
are short, and is ended and runs again where memory is, since who stands still keeps its memory. In every case all of
low is done in the end.
"""
import re

from machine import CORES, at

LOW_S, DUE_S, GATE_S = 2.0, 2.0, 0.5
OVERLONG_S = 40.0  # beyond the last moment at which due may start
MEMORY_MIB = 64
# what others take, their tasks a core, their CPU time, the deadline, whether memory is short beside cores
CASES = (("as forecast", 5, LOW_S, 9.0, False),
         ("longer, cores are short", 1, OVERLONG_S, 40.0, False),
         ("longer, memory is short", 1, OVERLONG_S, 40.0, True))


def workflow(rounds, low_takes, deadline_s):
    return f"""
steps:
  low:
    scatter: {{i: {{range: [1, {rounds * CORES}]}}}}
    command: python3 burn.py {low_takes}
    env: {{I: x}}
    request: {{cpu: 0.9, memory: {MEMORY_MIB}MiB, time: {LOW_S + 0.5}s}}
  gate: {{outputs: gate, command: "sleep {GATE_S} && touch gate", request: {{cpu: 0.1, memory: 16MiB, time: 1s}}}}
  due:
    inputs: gate
    scatter: {{i: {{range: [1, {CORES}]}}}}
    command: python3 burn.py {DUE_S}
    env: {{I: x}}
    deadline: {deadline_s}s
    request: {{cpu: 1, memory: {MEMORY_MIB}MiB, time: {DUE_S + 4}s}}
"""


def done_s(ended, step):
    return max(at(event) for event in ended.of("task_finished") if event["step"] == step) - at(ended.of("run_started")[0])


def measure(desk, _):
    for name, rounds, takes, deadline_s, memory_is_short in CASES:
        desk.write("w.yaml", workflow(rounds, takes, deadline_s))
        # Room for one of the two steps, and for gate.
        limit = ("--max-memory", f"{MEMORY_MIB * CORES + 24}MiB") if memory_is_short else ()
        ended = desk.run("w.yaml", "--sizing", "requests", "--force", *limit)
        due_s = done_s(ended, "due")
        yield {"others_take": name, "deadline_s": deadline_s, "due_done_s": due_s, "met": due_s <= deadline_s,
               "others_done_s": done_s(ended, "low"), "others": rounds * CORES,
               "others_finished": sum(event["step"] == "low" for event in ended.of("task_finished")),
               "frozen": sum(event["step"] == "low" for event in ended.of("task_frozen")),
               "run_again": sum(event["step"] == "low" for event in ended.of("task_retried"))}


def seconds(text):
    """Of '1m2.5s', as messages write it."""
    return sum(float(number) * {"h": 3600, "m": 60, "min": 60, "s": 1, "ms": 1e-3}[unit]
               for number, unit in re.findall(r"([0-9.]+) ?(h|min|ms|m|s)", text))


def measure_refusal(desk, _):
    chain = "".join(f"  c{at}: {{outputs: c{at}, command: python3 burn.py 0.5 && touch c{at}, "
                    + (f"inputs: c{at - 1}, " if at else "") + "request: {cpu: 1, memory: 32MiB, time: 2s}}\n" for at in range(4))
    desk.write("w.yaml", "steps:\n" + chain)
    refused = desk.run("w.yaml", "--deadline", "5s", "--sizing", "requests", may_fail=True)
    # One for each step that is due: the run needs the latest of them.
    named = re.findall(r"The earliest that can be kept is ([0-9a-z. ]+)", refused.err)
    earliest_s = max(map(seconds, named)) if named else None
    begun = len(refused.of("task_started"))
    row = {"deadline_s": 5.0, "exit": refused.code, "started": begun, "earliest_s": earliest_s}
    if earliest_s is None:
        yield row | {"kept_then": False, "done_s": None}
        return
    kept = desk.run("w.yaml", "--deadline", f"{earliest_s:g}s", "--sizing", "requests", may_fail=True)
    yield row | {"kept_then": kept.code == 0 and kept.makespan_s() <= earliest_s,
                 "done_s": kept.makespan_s() if kept.of("run_finished") else None}
