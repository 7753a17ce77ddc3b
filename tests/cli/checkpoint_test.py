# SPDX-License-Identifier: Apache-2.0
"""Checkpoints with real processes: who makes room for another queue goes on from what it saved."""
import json

import desk

# Counts until there is a gate; on SIGUSR1 it saves how far it came.
COUNT = """
import os, signal, sys, time
start = int(open(os.environ["PLIMSOLL_RESUME"] + "/count").read()) if "PLIMSOLL_RESUME" in os.environ else 0
count = start
def save(*_):
    folder = os.environ["PLIMSOLL_CHECKPOINT"]
    with open(folder + "/part", "w") as file:
        file.write(str(count))
    os.rename(folder + "/part", folder + "/count")
signal.signal(signal.SIGUSR1, save)
open("ready", "w").close()
while not os.path.exists("gate"):
    time.sleep(0.05)
    count += 1
print(f"from {start}")
"""


class Checkpoint(desk.Case):
    """Both steps hold more than half of the memory that is free, by request: `late` gets its room from `count` alone,
    and b keeps `stays`, which is more than is due to it."""

    def run_both(self, checkpoint):
        free = json.loads(self.call("top", "--json", history=False).out)["memory_bytes"]["available"]
        half = f"request: {{cpu: 0.1, memory: {int(free * 0.6)}, time: 1h}}"
        self.write("count.py", COUNT)
        self.write("c.yaml", "reclaim: {after: 1s}\nqueues: {a: {weight: 99}, b: {}}\n")
        self.write("w.yaml", f"""
steps:
  count: {{command: exec python3 -B count.py > counted, outputs: counted, queue: b, {half}, checkpoint: {{command: '{checkpoint}', within: 10s, takes: 1s}}}}
  stays: {{command: 'until [ -e gate ]; do sleep 0.05; done', queue: b, request: {{cpu: 0.1, memory: {int(free * 0.1)}}}}}
  prep: {{command: 'until [ -e ready ]; do sleep 0.05; done', queue: a, request: {{cpu: 0.1, memory: 16MiB}}}}
  late: {{command: touch gate, needs: prep, queue: a, {half}}}
""")
        ended = self.run_json("--config", "c.yaml", "--sizing", "requests", "--shape", "off")
        self.assertEqual(ended.code, 0, ended.err)
        with open(self.path("counted")) as file:
            return int(file.read().split()[1]), self.call("explain", "last", "count").out

    def test_the_next_attempt_goes_on_from_what_was_saved(self):
        begin, told = self.run_both("kill -USR1 $PLIMSOLL_PID; until [ -e $PLIMSOLL_CHECKPOINT/count ]; do sleep 0.05; done")
        self.assertGreater(begin, 0)
        self.assertIn("its work was saved in", told)
        self.assertFalse(self.has(".plimsoll/checkpoints"))

    def test_where_it_cannot_be_saved_the_next_attempt_begins_anew(self):
        begin, told = self.run_both("exit 3")
        self.assertEqual(begin, 0)
        self.assertRegex(told, r"its work was not saved \(exit code 3 after .*\): the next attempt begins anew")


desk.main()
