# SPDX-License-Identifier: Apache-2.0
"""Deadlines: admitted or refused before anything runs, and met while the rest goes on."""
import json
import re

import desk


class Admission(desk.Case):
    def test_a_hopeless_deadline_is_refused_with_the_earliest_that_can_be_kept(self):
        self.write("w.yaml", """
defaults: {request: {cpu: 0.1, memory: 32MiB, time: 20s}}
steps:
  a: {command: touch ran, outputs: ran}
  b: {inputs: ran, command: cat ran, deadline: 30s}
""")
        ended = self.run_workflow()
        self.assertEqual(ended.code, 2)
        self.assertIn("b by 30s: the longest chain of what is due by then takes 40.0 s", ended.err)
        earliest = re.search(r"The earliest that can be kept is (\S+)", ended.err)[1]
        self.assertEqual(earliest, "40s")
        self.assertFalse(self.has("ran"))
        self.assertEqual(self.run_workflow("--dry-run").code, 2)
        self.write("w.yaml", self.read("w.yaml").replace("deadline: 30s", f"deadline: {earliest}"))
        self.assertIn("all deadlines can be kept", self.run_workflow("--dry-run").out)
        self.assertEqual(self.run_workflow().code, 0)

    def test_a_deadline_of_the_run_binds_every_step_and_the_machine_counts(self):
        cores = json.loads(self.call("top", "--json", history=False).out)["cpu_cores"]["total"]
        self.write("w.yaml", f"""
steps:
  a: {{scatter: {{n: [1, 2, 3, 4]}}, command: 'true {{n}}', request: {{cpu: {cores}, memory: 32MiB, time: 10s}}}}
""")
        refused = self.run_workflow("--deadline", "25s")
        self.assertEqual(refused.code, 2)
        self.assertIn("needs more cpu than there is", refused.err)
        self.assertIn("The earliest that can be kept is 40s", refused.err)
        self.assertEqual(self.run_workflow("--deadline", "40s").code, 0)
        self.assertEqual(self.run_workflow("--deadline", "soon").code, 2)

    def test_what_nobody_knows_the_length_of_is_run_and_said_not_to_be_promised(self):
        self.write("w.yaml", "steps: {a: {command: 'true', request: {memory: 32MiB, cpu: 0.1}}}")
        ended = self.run_workflow("--deadline", "10s")
        self.assertEqual(ended.code, 0)
        self.assertIn("are not promised", ended.err)


class Kept(desk.Case):
    # low is said to take a second, and takes twelve: it has all cores when due is to start, at 7 s at the latest.
    def test_a_deadline_is_met_while_others_that_run_too_long_stand_still_and_finish_later(self):
        if not desk.has_memory_groups():
            self.skipTest("nothing can be frozen without a cgroup")
        cores = json.loads(self.call("top", "--json", history=False).out)["cpu_cores"]["total"]
        self.write("w.yaml", f"""
steps:
  prep: {{command: sleep 0.5, request: {{cpu: {cores / 2}, memory: 32MiB, time: 2s}}}}
  low: {{command: "i=0; while [ $i -lt 120 ]; do sleep 0.1; i=$((i+1)); done", request: {{cpu: {cores / 2}, memory: 32MiB, time: 1s}}}}
  due: {{needs: prep, command: sleep 1, deadline: 10s, request: {{cpu: {cores}, memory: 32MiB, time: 3s}}}}
""")
        ended = self.run_json("--sizing", "requests")
        self.assertEqual(ended.code, 0, ended.err)
        order = [event["task"] for event in ended.events if event["event"] == "task_finished"]
        self.assertEqual(order, ["prep", "due", "low"])
        times = {event["task"]: event["time"] for event in ended.events if event["event"] == "task_finished"}
        begin = ended.events[0]["time"]
        self.assertLess(seconds(times["due"]) - seconds(begin), 10)
        self.assertIn("task_frozen", [event["event"] for event in ended.events])
        self.assertIn("due must start now to be done by its deadline", self.call("explain", "last", "low").out)


def seconds(stamp):
    hours, minutes, rest = stamp[11:].rstrip("Z").split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


desk.main()
