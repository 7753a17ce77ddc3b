# SPDX-License-Identifier: Apache-2.0
"""Whoever reads what a run tells may take his time: the run does not wait for him, and he misses nothing."""
import fcntl
import json
import os
import signal
import sqlite3
import subprocess
import time

import desk

TASKS = 60
PIPE = 4096  # bytes; the smallest there is
FLOW = f"""
defaults: {{request: {{cpu: 0.01, memory: 8MiB}}}}
steps: {{a: {{scatter: {{i: {{range: [1, {TASKS}]}}}}, command: "true {{i}}"}}}}
"""
LONG_FLOW = FLOW.rstrip().removesuffix("}") + \
    ', last: {command: "echo > began; while [ ! -e go ]; do sleep 0.02; done"}}'


class SlowReader(desk.Case):
    def setUp(self):
        super().setUp()
        self.write("w.yaml", FLOW)

    def start(self, *words):
        """A run that nobody reads."""
        self.process = subprocess.Popen(self.words("run", "w.yaml", *words), cwd=self.folder, env=self.environment,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        self.addCleanup(self.process.stdout.close)
        self.addCleanup(self.process.wait)
        self.addCleanup(self.process.kill)
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

    def start_long(self):
        """A run that has told more than its reader took, and whose last task waits for `go`."""
        self.write("w.yaml", LONG_FLOW)
        self.start("--json", "--force")
        self.wait_for_file("began")
        self.wait_for(lambda: self.json("show", "last")["tasks"]["finished"] == TASKS, "the end of all other tasks")

    def test_a_run_that_was_asked_to_stop_does_not_wait_for_ever_for_its_reader(self):
        asks = {"SIGINT": lambda: self.process.send_signal(signal.SIGINT),
                "stop": lambda: self.call("stop", "last"),
                "stop --now": lambda: self.call("stop", "last", "--now")}
        for name, ask in asks.items():
            with self.subTest(name):
                self.start_long()
                ask()
                events = f"history/runs/{self.last_run()}/events.jsonl"
                self.wait_for(lambda: "stopping" in self.read(events), "the word that it stops")
                self.write("go", "")
                self.assertIn(self.process.wait(desk.PATIENCE_S), (0, 130))
                for file in ("go", "began"):
                    os.remove(self.path(file))

    def test_who_asks_between_the_last_task_and_the_record_of_it_is_heard(self):
        self.start_long()
        run = self.last_run()
        # While somebody else writes to the history, the run has ended but cannot note it.
        history = sqlite3.connect(self.history)
        history.execute("BEGIN IMMEDIATE")
        self.write("go", "")
        self.wait_for(lambda: not desk.processes_of(run), "the end of all tasks")
        time.sleep(0.5)
        self.process.send_signal(signal.SIGINT)
        history.rollback()
        history.close()
        self.assertIn(self.process.wait(desk.PATIENCE_S), (0, 130))

    def test_messages_that_nobody_takes_hold_up_nothing(self):
        reading, writing = os.pipe()
        self.addCleanup(os.close, reading)
        os.set_blocking(writing, False)
        try:
            while True:
                os.write(writing, b"x" * 65536)
        except BlockingIOError:
            os.set_blocking(writing, True)
        without_home = {name: value for name, value in self.environment.items() if name != "HOME"}
        process = subprocess.Popen([desk.PROGRAM, "run", "w.yaml"], cwd=self.folder, env=without_home, stderr=writing,
                                   stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        self.addCleanup(process.kill)
        os.close(writing)
        self.assertEqual(process.wait(desk.PATIENCE_S), 0)

    def test_a_reader_who_leaves_is_no_error(self):
        self.start("--json")
        os.read(self.process.stdout.fileno(), 1)
        self.process.stdout.close()
        self.assertEqual(self.process.wait(desk.PATIENCE_S), 0)


desk.main()
