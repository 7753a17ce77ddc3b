# SPDX-License-Identifier: Apache-2.0
"""How near a simulated run comes to the real one: makespan, memory wasted, and the order of starts."""
import csv
import datetime
import io
import itertools

# Starts that lie nearer to each other than this have no order that anybody could foresee.
APART_S = 0.1


def starts_of(table):
    """When each task first started, in seconds from the first, by the text of `plimsoll export csv RUN`."""
    times = {row["task"]: datetime.datetime.fromisoformat(row["started"].replace("Z", "+00:00")).timestamp()
             for row in csv.DictReader(io.StringIO(table)) if row["attempt"] == "1"}
    first = min(times.values(), default=0)
    return {task: time - first for task, time in times.items()}


def tau(real, simulated):
    """Kendall's, over the pairs of tasks whose real order is certain; None where there is none."""
    agree = disagree = 0
    for one, other in itertools.combinations(sorted(set(real) & set(simulated)), 2):
        if abs(real[one] - real[other]) <= APART_S:
            continue
        same = (real[one] - real[other]) * (simulated[one] - simulated[other])
        agree += same > 0
        disagree += same < 0
    return (agree - disagree) / (agree + disagree) if agree + disagree else None


def off(simulated, real):
    """The deviation as a share of what was real; 0 where nothing was."""
    return simulated / real - 1 if real else 0.0


def compare(shown, told, starts):
    """`shown`: `plimsoll show RUN --json`; `told`: `plimsoll simulate --history RUN --json`; `starts`: as starts_of."""
    played = told["alternatives"][0]
    course = played["median"]
    makespan_s, wasted = shown["makespan_s"], shown["memory_gbh"]["wasted"]
    return {"tasks": told["tasks"],
            "makespan_s": makespan_s, "simulated_makespan_s": course["makespan_s"],
            "wasted_gbh": wasted, "simulated_wasted_gbh": course["memory_wasted_gbh"],
            "tau": tau(starts, played["starts_s"]),
            "makespan_off": off(course["makespan_s"], makespan_s), "wasted_off": off(course["memory_wasted_gbh"], wasted)}
