# SPDX-License-Identifier: Apache-2.0
"""One large step in one piece, a task per record, and in as many parts as Plimsoll finds right.

Each start costs START_UP_S of CPU (a program that loads an index); each record from 10 to 200 ms, drawn from the repeat's
number. So a part per record is mostly start-up, one piece uses one core, and parts of equal size end at different times.
"""
import random

from machine import CORES

START_UP_S, RECORDS = 0.25, 120
WORK = f"""import sys, time
def burn(s):
    until = time.process_time() + s
    while time.process_time() < until: pass
burn({START_UP_S})
for line in open(sys.argv[1]):
    burn(float(line))
    print(line, end="")
"""
VARIANTS = {"whole": "", "a task per record": "split: {by: lines, parts: %d}" % RECORDS,
            "a part per core": "split: {by: lines, parts: %d}" % CORES,
            "plimsoll, nothing known": "split: lines", "plimsoll": "split: lines"}


def workflow(name, split):
    return (f"name: {name}\nsteps:\n  work: {{inputs: records.txt, outputs: out.txt, "
            f"command: python3 work.py {{input}} > {{output}}, request: {{cpu: 1, memory: 32MiB}}" +
            (f", {split}" if split else "") + "}\n").replace("command: python3", "command: 'python3").replace(
                "{output},", "{output}',", 1)


def records(rng):
    return "".join(f"{rng.choice((0.01, 0.02, 0.05, 0.2)):.3f}\n" for _ in range(RECORDS))


def measure(desk, repeat):
    rng = random.Random(repeat)
    desk.write("work.py", WORK)
    text = records(rng)
    for variant, split in VARIANTS.items():
        name = variant.replace(" ", "_").replace(",", "")
        desk.write(f"{name}.yaml", workflow(name if variant != "plimsoll" else "plimsoll_nothing_known", split))
        if variant == "plimsoll":  # another input, from which it learns, whole and in parts
            desk.write("records.txt", records(rng))
            desk.run(f"{name}.yaml")
        desk.write("records.txt", text)
        ended = desk.run(f"{name}.yaml", "--force")
        assert (desk.folder / "out.txt").read_text() == text, f"{variant}: what was joined is not what was cut"
        yield {"variant": variant, "makespan_s": ended.makespan_s(),
               "parts": max(1, sum(":" in event["task"] for event in ended.of("task_finished"))),
               "work_s": sum(map(float, text.split())), "start_up_s": START_UP_S}
