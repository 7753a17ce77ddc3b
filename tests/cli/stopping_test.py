# SPDX-License-Identifier: Apache-2.0
"""How runs end before they are done: Ctrl-C, SIGTERM, stop, kill -9; detached runs; what is left behind."""
import os
import signal
import sqlite3
import threading
import time

import desk

SLOW = """
defaults: {request: {cpu: 1, memory: 32MiB}}
steps:
  slow:
    outputs: slow.txt
    command: |
      echo $$ > started
      sleep 300 & echo $! > child
      while [ ! -e go ]; do sleep 0.02; done
      kill %1
      echo done > {output}
  after:
    inputs: slow.txt
    outputs: after.txt
    command: cp {input} {output}
"""

STUBBORN = """
steps:
  stubborn:
    command: |
      trap 'echo asked >> asked' TERM INT
      echo > started
      while true; do sleep 0.05 || true; done
"""

MANY = """
steps:
  work:
    scatter: {i: {range: [1, 40]}}
    request: {cpu: 0.25, memory: 32MiB}
    outputs: "out/{i}.txt"
    command: echo {i} >> began; sleep 0.$(( {i} % 3 + 1 )); echo {i} > {output}; echo {i} >> witness
"""


class Signals(desk.Case):
    def states(self):
        return self.json("show", "last")["tasks"]

    def test_ctrl_c_once_lets_running_tasks_finish_and_starts_nothing_more(self):
        self.write("w.yaml", SLOW)
        with self.running() as run:
            self.wait_for_file("child")
            run.send_signal(signal.SIGINT)
            self.wait_for(lambda: "stopping" in self.read("told.out"), "the word that it stops")
            self.write("go", "")
            ended = self.end_of(run)
        self.assertEqual(ended.code, 130, ended.out)
        self.assertEqual(self.read("slow.txt"), "done\n")
        self.assertFalse(self.has("after.txt"))
        self.assertEqual(self.states(), {"finished": 1, "failed": 0, "up_to_date": 0, "cancelled": 1})
        self.assertEqual(self.json("show", "last")["state"], "cancelled")
        resumed = self.run_json()
        self.assertEqual((resumed.code, resumed.tasks_with("task_finished")), (0, ["after"]))

    def test_a_closed_terminal_stops_a_run_once_however_often_it_is_told_and_never_under_nohup(self):
        for under_nohup in (False, True):
            self.write("w.yaml", SLOW)
            before = signal.signal(signal.SIGHUP, signal.SIG_IGN if under_nohup else signal.SIG_DFL)
            with self.running("--force") as run:
                signal.signal(signal.SIGHUP, before)
                self.wait_for_file("child")
                for _ in range(3):
                    run.send_signal(signal.SIGHUP)
                    time.sleep(0.1)
                self.write("go", "")
                ended = self.end_of(run)
            self.assertEqual(ended.code, 0 if under_nohup else 130, ended.out)
            self.assertEqual(self.read("slow.txt"), "done\n")
            self.assertEqual(self.has("after.txt"), under_nohup)
            for name in ("go", "child"):
                os.remove(self.path(name))

    def test_what_was_killed_half_way_is_not_read_by_a_step_that_is_run_alone(self):
        self.write("w.yaml", SLOW.replace("echo $$ > started", "echo half > {output}; echo $$ > started"))
        with self.running() as run:
            self.wait_for_file("child")
            run.kill()
            self.end_of(run)
        ended = self.run_workflow("--only", "after")
        self.assertNotEqual(ended.code, 0, ended.out)
        self.assertFalse(self.has("after.txt"))

    def test_a_command_that_exits_0_at_its_timeout_has_not_finished(self):
        self.write("w.yaml", """
steps:
  half:
    timeout: 200ms
    retry: {timeout: 0}
    outputs: half.txt
    command: |
      trap 'exit 0' TERM
      echo half > {output}
      while true; do sleep 0.05; done
""")
        ended = self.run_workflow()
        self.assertEqual(ended.code, 1, ended.out)
        self.assertFalse(self.has("half.txt"))

    def test_ctrl_c_twice_kills_all(self):
        self.write("w.yaml", STUBBORN)
        with self.running("--cancel", "now") as run:
            self.wait_for_file("started")
            run.send_signal(signal.SIGINT)
            self.wait_for_file("asked")
            self.assertIsNone(run.poll(), "a task that ignores SIGTERM has ten seconds")
            run.send_signal(signal.SIGINT)
            ended = self.end_of(run)
        self.assertEqual(ended.code, 130)
        self.assert_nothing_left(self.last_run())

    def test_cancel_now_ends_running_tasks_at_the_first_ctrl_c(self):
        self.write("w.yaml", SLOW)
        with self.running("--cancel", "now") as run:
            self.wait_for_file("child")
            run.send_signal(signal.SIGINT)
            ended = self.end_of(run)
        self.assertEqual(ended.code, 130)
        self.assertEqual(self.states(), {"finished": 0, "failed": 0, "up_to_date": 0, "cancelled": 2})
        self.assert_nothing_left(self.last_run())

    def test_sigterm_is_as_ctrl_c(self):
        self.write("w.yaml", SLOW)
        with self.running() as run:
            self.wait_for_file("child")
            run.send_signal(signal.SIGTERM)
            self.wait_for(lambda: "stopping" in self.read("told.out"), "the word that it stops")
            run.send_signal(signal.SIGTERM)
            ended = self.end_of(run)
        self.assertEqual(ended.code, 130)
        self.assert_nothing_left(self.last_run())

    def test_a_run_goes_on_when_nobody_reads_what_it_prints(self):
        self.write("w.yaml", "steps: {a: {scatter: {i: {range: [1, 8]}}, outputs: '{i}', command: 'yes | head -1 > {output}', "
                             "shell: sh -ec}}")
        ended = self.shell(f"{desk.PROGRAM} run w.yaml --json --history {self.history} | true; echo ${{PIPESTATUS[0]}}")
        self.assertEqual(ended.out, "0\n", ended.err)
        self.assertEqual(self.states()["finished"], 8)


class Detached(desk.Case):
    def test_a_detached_run_is_attached_to_stopped_and_shown(self):
        self.write("w.yaml", SLOW)
        run = self.run_workflow("--detach").out.strip()
        self.wait_for_file("child")
        self.assertEqual(self.json("show", run)["state"], "running")
        again = self.run_workflow()
        self.assertEqual(again.code, 3, "the file is being run already")
        self.assertIn("attach", again.err)
        stopped = self.call("stop", run)
        self.assertEqual(stopped.code, 0, stopped.err)
        self.write("go", "")
        attached = self.call("attach", run)
        self.assertEqual(attached.code, 130, attached.out + attached.err)
        self.assertIn("slow: done", attached.out)
        self.assertIn(f"run {run} of w: cancelled", attached.out, "the summary is the end of what is followed")
        self.assertEqual(self.json("show", run)["state"], "cancelled")
        self.assertEqual(self.call("stop", run).code, 2, "it is not under way any more")

    def test_stop_now_ends_running_tasks(self):
        self.write("w.yaml", SLOW)
        run = self.run_workflow("--detach").out.strip()
        self.wait_for_file("child")
        self.assertEqual(self.call("stop", run, "--now").code, 0)
        self.assertEqual(self.call("attach", run).code, 130)
        self.assertFalse(self.has("slow.txt"))
        self.assert_nothing_left(run)

    def test_attach_gives_the_runs_own_exit_code_and_json(self):
        self.write("w.yaml", "steps: {a: {command: 'exit 3'}}")
        run = self.run_workflow("--detach").out.strip()
        attached = self.call("attach", run, "--json")
        self.assertEqual(attached.code, 1)
        self.assertEqual([event["event"] for event in attached.events][-1], "run_finished")

    def test_a_detached_run_that_cannot_begin_says_why(self):
        self.write("w.yaml", "steps: {a: {command: 'true'}}")
        self.write("history/h.db", "this is no database at all, and never was one" * 100)
        ended = self.run_workflow("--detach")
        self.assertEqual(ended.code, 3, ended.out)
        self.assertIn("set-aside", ended.err)

    def test_logs_show_what_running_tasks_print(self):
        self.write("w.yaml", "steps: {a: {command: 'echo first; touch started; while [ ! -e go ]; do sleep 0.02; "
                             "done; echo last'}}")
        with self.running() as run:
            self.wait_for_file("started")
            self.assertIn("first", self.call("logs", "last").out)
            self.assertEqual(self.call("logs", "last", "a").out, "first\n")
            followed = []
            follower = threading.Thread(target=lambda: followed.append(self.call("logs", "last", "a", "-f").out))
            follower.start()
            self.write("go", "")
            self.assertEqual(self.end_of(run).code, 0)
            follower.join()
        self.assertEqual(followed, ["first\nlast\n"])


class KilledRunner(desk.Case):
    def kill(self, run):
        run.kill()
        run.wait()

    def test_no_finished_task_runs_again_and_nothing_is_left_behind(self):
        self.write("w.yaml", MANY)
        with self.running() as run:
            self.wait_for(lambda: len(self.lines("witness")) >= 12, "a dozen tasks")
            self.kill(run)
        dead = self.last_run()
        shown = self.json("show", dead)
        self.assertEqual(shown["state"], "interrupted")
        finished = shown["tasks"]["finished"]
        self.assertGreater(finished, 0)
        os.remove(self.path("began"))
        resumed = self.run_json()
        self.assertEqual(resumed.code, 0, resumed.err)
        self.assertEqual(len(resumed.tasks_with("task_up_to_date")), finished)
        self.assertEqual(len(self.lines("began")), 40 - finished)
        self.assert_nothing_left(dead)
        self.assertEqual(self.json("show", dead)["state"], "interrupted")
        self.assertEqual([self.read(f"out/{i}.txt") for i in range(1, 41)], [f"{i}\n" for i in range(1, 41)])

    def test_the_next_run_ends_what_was_left_and_distrusts_half_written_outputs(self):
        self.write("w.yaml", "steps: {a: {outputs: out.txt, command: 'echo half > {output}; setsid sleep 300 & "
                             "echo $! > child; [ -e go ] || sleep 300; echo whole > {output}'}}")
        with self.running() as run:
            self.wait_for_file("child")
            self.kill(run)
        dead = self.last_run()
        self.assertTrue(os.path.exists(f"/proc/{self.read('child').strip()}"))
        self.write("go", "")
        self.assertEqual(self.run_workflow().code, 0)
        self.assertEqual(self.read("out.txt"), "whole\n")
        self.assert_nothing_left(dead)

    def test_a_runner_that_dies_while_it_cleans_up_leaves_nothing_to_be_trusted(self):
        self.write("w.yaml", "steps: {a: {outputs: out.txt, command: 'echo half > {output}; touch started; "
                             "[ -e go ] || sleep 300'}}")
        with self.running() as run:
            self.wait_for_file("started")
            run.kill()
        # While somebody else writes to the history, the next runner can set aside, but not yet note that it did.
        history = sqlite3.connect(self.history)
        history.execute("BEGIN IMMEDIATE")
        with self.running() as cleaner:
            self.wait_for(lambda: not self.has("out.txt"), "the setting aside of what was half written")
            cleaner.kill()
        history.rollback()
        history.close()
        self.assertEqual(self.json("show", "last")["state"], "interrupted")
        self.write("go", "")
        self.assertEqual(self.run_json().tasks_with("task_finished"), ["a"])
        self.assertEqual(self.read("out.txt"), "half\n")

    def test_attach_to_a_run_that_died_says_so(self):
        self.write("w.yaml", SLOW)
        with self.running() as run:
            self.wait_for_file("child")
            self.kill(run)
        attached = self.call("attach", "last")
        self.assertEqual(attached.code, 130)
        self.assertIn("is gone", attached.err)
        self.assertEqual(self.call("stop", "last").code, 2)
        self.assertIn("interrupted", self.call("show", "last").out)
        self.write("go", "")
        self.assertEqual(self.run_workflow().code, 0)


desk.main()
