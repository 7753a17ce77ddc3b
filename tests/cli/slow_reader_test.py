# SPDX-License-Identifier: Apache-2.0
"""Whoever reads what a run tells may take his time: the run does not wait for him, and he misses nothing."""
import fcntl
import json
import os
import signal
import subprocess

import desk

TASKS = 60
PIPE = 4096  # bytes; the smallest there is
FLOW = f"""
defaults: {{request: {{cpu: 0.01, memory: 8MiB}}}}
steps: {{a: {{scatter: {{i: {{range: [1, {TASKS}]}}}}, command: "true {{i}}"}}}}
"""


class SlowReader(desk.Case):
    def setUp(self):
        super().setUp()
        self.write("w.yaml", FLOW)
        self.process = None

    def tearDown(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()

    def start(self, *words):
        """A run that nobody reads."""
        self.process = subprocess.Popen(self.words("run", "w.yaml", *words), cwd=self.folder, env=self.environment,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        fcntl.fcntl(self.process.stdout, fcntl.F_SETPIPE_SZ, PIPE)

    def wait_for_the_end_of_the_run(self):
        def is_finished():
            shown = self.call("show", "last", "--json")
            return shown.code == 0 and json.loads(shown.out)["state"] == "finished"
        self.wait_for(is_finished, "the end of a run that nobody reads")

    def test_events_that_nobody_reads_hold_up_no_task_and_none_is_lost(self):
        self.start("--json")
        self.wait_for_the_end_of_the_run()
        self.assertIsNone(self.process.poll(), "its reader has not had it all yet")
        told = self.process.stdout.read().decode()
        self.assertGreater(len(told), 2 * PIPE, "more than the pipe takes")
        self.assertEqual(self.process.wait(desk.PATIENCE_S), 0)
        events = [json.loads(line) for line in told.splitlines()]
        self.assertEqual(len({e["task"] for e in events if e["event"] == "task_finished"}), TASKS)
        self.assertEqual(events[-1]["event"], "run_finished")
        run = self.last_run()
        self.assertEqual(told, self.read(f"history/runs/{run}/events.jsonl"))

    def test_text_comes_whole_and_in_order_too(self):
        self.start("--explain")
        self.wait_for_the_end_of_the_run()
        self.assertIsNone(self.process.poll())
        told = self.process.stdout.read().decode()
        self.assertEqual(self.process.wait(desk.PATIENCE_S), 0)
        self.assertGreater(len(told), 1.5 * PIPE)
        self.assertIn(f"[{TASKS}/{TASKS}]", told)
        self.assertIn(f"{TASKS} finished", told)
        self.assertEqual(told, self.read(f"history/runs/{self.last_run()}/output.txt"))

    def test_who_asks_it_to_end_does_not_wait_for_the_reader(self):
        self.start("--json")
        self.wait_for_the_end_of_the_run()
        self.process.send_signal(signal.SIGINT)
        self.assertEqual(self.process.wait(desk.PATIENCE_S), 0, "the run itself had finished")

    def test_a_reader_who_leaves_is_no_error(self):
        self.start("--json")
        os.read(self.process.stdout.fileno(), 1)
        self.process.stdout.close()
        self.assertEqual(self.process.wait(desk.PATIENCE_S), 0)


desk.main()
