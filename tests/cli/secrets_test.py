# SPDX-License-Identifier: Apache-2.0
"""The value of a secret reaches the task that names it, and nothing else."""
import os
import signal

import desk

VALUE = "correct-horse-battery-staple"


class Secrets(desk.Case):
    def setUp(self):
        super().setUp()
        self.environment["API_TOKEN"] = VALUE

    def places_with_the_value(self):
        """Files below the test's folder that hold the value, and their names that do."""
        found = []
        for folder, _, names in os.walk(self.folder):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    if VALUE.encode() in file.read() or VALUE in name:
                        found.append(os.path.relpath(os.path.join(folder, name), self.folder))
        return found

    def test_the_value_stays_out_of_history_events_logs_and_output(self):
        self.write("w.yaml", "steps:\n  a:\n    secrets: [API_TOKEN]\n    outputs: length\n"
                             "    command: echo \"token $API_TOKEN.\"; printf %s \"$API_TOKEN\" | wc -c > {output}\n")
        ended = self.run_json()
        self.assertEqual(ended.code, 0, ended.err)
        self.assertEqual(self.read("length").strip(), str(len(VALUE)))
        self.assertEqual(self.call("logs", "last").out.splitlines()[-1], "token ***.")
        self.assertNotIn(VALUE, ended.out + ended.err + self.call("explain", "last").out + self.call("show", "last").out)
        self.assertEqual(self.places_with_the_value(), [])

    def test_a_failure_shows_its_last_lines_masked(self):
        self.write("w.yaml", "steps: {a: {secrets: [API_TOKEN], command: 'echo \"bad token: $API_TOKEN\"; exit 1'}}")
        ended = self.run_workflow()
        self.assertEqual(ended.code, 1)
        self.assertIn("bad token: ***", ended.out)
        self.assertEqual(self.places_with_the_value(), [])

    def test_other_steps_do_not_see_it(self):
        self.write("w.yaml", "steps:\n  a: {secrets: [API_TOKEN], command: 'env > a.env'}\n"
                             "  b: {command: 'env > b.env'}\n")
        self.assertEqual(self.run_workflow().code, 0)
        self.assertIn(f"API_TOKEN={VALUE}", self.lines("a.env"))
        self.assertNotIn("API_TOKEN", self.read("b.env"))

    def test_a_secret_that_is_not_set_is_told_before_anything_runs(self):
        self.write("w.yaml", "steps:\n  a: {command: touch ran}\n  b: {secrets: [API_TOKEN], command: 'true'}\n")
        del self.environment["API_TOKEN"]
        for words in ((), ("--detach",)):
            ended = self.run_workflow(*words)
            self.assertEqual(ended.code, 2)
            self.assertIn("API_TOKEN of step b", ended.err)
        self.assertFalse(self.has("ran"))
        self.assertEqual(self.run_workflow("--only", "a").code, 0)
        self.assertEqual(self.call("check", "w.yaml", history=False).code, 0)

    def test_another_value_is_no_reason_to_run_again(self):
        self.write("w.yaml", "steps: {a: {secrets: [API_TOKEN], outputs: out, command: 'touch {output}'}}")
        self.run_workflow()
        self.environment["API_TOKEN"] = "another"
        self.assertEqual(self.run_json().tasks_with("task_up_to_date"), ["a"])

    def test_a_killed_runner_leaves_no_value_on_the_disk(self):
        self.write("w.yaml", "steps: {a: {secrets: [API_TOKEN], command: 'echo $API_TOKEN; touch started; sleep 300'}}")
        with self.running() as run:
            self.wait_for_file("started")
            self.assertEqual(self.places_with_the_value(), [])
            run.send_signal(signal.SIGKILL)
            run.wait()
        self.assertEqual(self.places_with_the_value(), [])
        self.write("w.yaml", "steps: {a: {command: 'true'}}")
        self.run_workflow()


desk.main()
