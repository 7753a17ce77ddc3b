# SPDX-License-Identifier: Apache-2.0
"""What a run shows on a terminal, and what others see of it: run's view, watch, top."""
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

import desk
from json_schema import assert_true_to

WAITING = """
name: waits
defaults: {request: {cpu: 0.1, memory: 32MiB}}
steps:
  quick: {outputs: quick.txt, command: "echo > {output}"}
  slow:
    scatter: {i: {range: [1, 3]}}
    needs: quick
    command: "touch began{i}; while [ ! -e go ]; do sleep 0.02; done"
  bad: {needs: slow, command: "echo out of the blue; exit 3"}
"""
BLOCK_BEGINS = b"\x1b[?2026h"


class Terminal:
    """A process on a terminal of its own, and what that terminal shows."""

    def __init__(self, words, case, columns=80, lines=24, **environment):
        self.case, self.written, self.taken = case, b"", ""
        master, slave = pty.openpty()
        self.fd = master
        self.resize(columns, lines)
        self.before = termios.tcgetattr(slave)
        variables = dict(case.environment, TERM="xterm", LC_ALL="C.UTF-8", **environment)
        variables.pop("NO_COLOR", None) if "NO_COLOR" not in environment else None
        self.process = subprocess.Popen(words, cwd=case.folder, env=variables, stdin=slave, stdout=slave, stderr=slave,
                                        start_new_session=True,
                                        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.slave = slave
        case.addCleanup(self.end)

    def end(self):
        self.process.kill()
        self.process.wait()
        os.close(self.fd)
        os.close(self.slave)

    def resize(self, columns, lines):
        self.columns = columns
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def read(self):
        while select.select([self.fd], [], [], 0.01)[0]:
            try:
                self.written += os.read(self.fd, 65536)
            except OSError:
                return

    def wait_for(self, holds, what):
        def looked():
            self.read()
            return holds()
        self.case.wait_for(looked, what)

    def wait_for_text(self, text):
        self.wait_for(lambda: text in self.shown(), f"'{text}' on the terminal")

    def exit_code(self):
        self.wait_for(lambda: self.process.poll() is not None, "the end of the process")
        self.read()
        return self.process.returncode

    def shown(self):
        """The lines on the terminal, as if it were endlessly high."""
        lines, row, column = [""], 0, 0
        text = re.sub("\x1b\\[[0-9;?]*[mhl]", "", self.written.decode(errors="replace"))
        for part in re.findall("\x1b\\[[0-9]*[AJK]|\r|\n|[^\x1b\r\n]+", text):
            if part == "\n":
                row += 1
                lines += [""] * (row + 1 - len(lines))
            elif part == "\r":
                column = 0
            elif part.endswith("A") and part[0] == "\x1b":
                row -= int(part[2:-1])
            elif part == "\x1b[J":
                lines = lines[:row] + [lines[row][:column]]
            elif part == "\x1b[K":
                lines[row] = lines[row][:column]
            else:
                lines[row] = lines[row][:column].ljust(column) + part + lines[row][column + len(part):]
                column += len(part)
        return "\n".join(line.rstrip() for line in lines)

    def view(self):
        """The last lines, from the view's first one on; "" where there is none."""
        shown = self.shown()
        at = shown.rfind("\nwaits ")
        return shown[at + 1:] if at >= 0 else ""


class View(desk.Case):
    def setUp(self):
        super().setUp()
        self.write("w.yaml", WAITING)

    def start(self, *words, **terminal):
        return Terminal(self.words("run", "w.yaml", *words), self, **terminal)

    def test_a_run_shows_how_it_stands_and_at_its_end_only_what_stays(self):
        terminal = self.start()
        terminal.wait_for_text("3 running")
        view = terminal.view()
        self.assertIn("1 of 5 tasks", view)
        self.assertIn("slow[1]", view)
        terminal.wait_for_text("no past run tells how long slow, bad take")
        for line in view.splitlines():
            self.assertLess(len(line), 80)
        self.write("go", "")
        self.assertEqual(terminal.exit_code(), 1)
        shown = terminal.shown()
        self.assertIn("FAILED  bad: exit code 3", shown)
        self.assertIn("| out of the blue", shown)
        self.assertIn("tasks: 4 finished, 1 failed", shown)
        self.assertNotIn("running", shown)
        self.assertEqual(termios.tcgetattr(terminal.slave), terminal.before, "no mode of the terminal was changed")
        self.assertNotIn(b"\x1b[?25l", terminal.written, "the cursor is never hidden")

    def test_it_fits_itself_to_the_window(self):
        terminal = self.start(columns=100)
        terminal.wait_for_text("3 running")
        terminal.resize(42, 10)
        terminal.wait_for(lambda: "mem  " in terminal.view(), "the narrow view")
        for line in terminal.view().splitlines():
            self.assertLess(len(line), 42)
        self.assertLessEqual(len(terminal.view().splitlines()), 9)
        self.write("go", "")
        terminal.exit_code()

    def test_a_view_that_does_not_change_is_not_written(self):
        terminal = self.start()
        terminal.wait_for_text("3 running")
        before, at = len(terminal.written), time.monotonic()
        terminal.wait_for(lambda: time.monotonic() - at > 3, "three seconds")
        frames = terminal.written[before:].count(BLOCK_BEGINS)
        self.assertLessEqual(frames, 4 * 3 + 2)
        self.assertLess(len(terminal.written) - before, 3 * 4 * 600, "only lines that have changed are written")
        self.write("go", "")
        terminal.exit_code()

    def test_no_color_is_heard_and_colour_is_there_without(self):
        for variables, colours in (({"NO_COLOR": "1"}, False), ({}, True)):
            terminal = self.start("--force", **variables)
            terminal.wait_for_text("3 running")
            self.assertEqual(b"\x1b[1m" in terminal.written, colours)
            self.write("go", "")
            terminal.exit_code()
            os.remove(self.path("go"))

    def test_no_view_where_it_is_not_wanted_or_cannot_be_drawn(self):
        self.write("go", "")
        for words, variables in ((["--view", "lines"], {}), (["--quiet"], {}), (["--json"], {}), ([], {"TERM": "dumb"})):
            terminal = Terminal(self.words("run", "w.yaml", "--force", *words), self)
            if variables:
                terminal = Terminal(["env", "TERM=dumb", *self.words("run", "w.yaml", "--force")], self)
            terminal.exit_code()
            self.assertNotIn(b"\x1b", terminal.written)

    def test_ctrl_c_is_told_below_what_stays_and_the_view_goes_at_the_end(self):
        terminal = self.start()
        terminal.wait_for_text("3 running")
        os.write(terminal.fd, b"\x03")
        terminal.wait_for_text("stopping: no new tasks")
        terminal.wait_for(lambda: ", stopping" in terminal.view(), "the view that says so")
        self.write("go", "")
        self.assertEqual(terminal.exit_code(), 130)
        self.assertNotIn("running  ", terminal.shown())

    def test_ctrl_z_takes_the_view_away_and_going_on_brings_it_back(self):
        # As a shell does it: the run is a job of its own group, whose parent waits for it.
        terminal = Terminal(["bash", "--norc", "-c", "set -m; " + " ".join(self.words("run", "w.yaml")) +
                             "; echo stopped here; touch stopped; while [ ! -e on ]; do sleep 0.02; done; fg"], self)
        terminal.wait_for_text("3 running")
        os.write(terminal.fd, b"\x1a")
        self.wait_for_file("stopped")
        terminal.wait_for_text("stopped here")
        self.assertNotIn("3 running", terminal.shown())
        self.write("on", "")
        terminal.wait_for_text("3 running")
        self.write("go", "")
        terminal.wait_for_text("4 finished")


class Tables(desk.Case):
    def test_what_is_printed_keeps_within_the_terminal_and_is_whole_elsewhere(self):
        name = "a_step_whose_name_alone_takes_half_of_a_terminal"
        self.write("w.yaml", f"steps: {{{name}: {{scatter: {{i: [1, 2]}}, command: 'sleep 0.0{{i}}'}}}}")
        for words in (["run", "w.yaml"], ["show"], ["predict", "w.yaml"]):
            terminal = Terminal(self.words(*words), self)
            self.assertEqual(terminal.exit_code(), 0, terminal.shown())
            self.assertLessEqual(max(map(len, terminal.shown().splitlines())), 80, terminal.shown())
        self.assertRegex(self.call("show").out, f"\n  {name}  2  ")


class Others(desk.Case):
    def setUp(self):
        super().setUp()
        self.write("w.yaml", WAITING)

    def test_watch_shows_a_run_from_another_terminal_to_its_end(self):
        with self.running("--keep-going") as run:
            self.wait_for_file("began3")
            terminal = Terminal(self.words("watch"), self)
            terminal.wait_for_text("3 running")
            self.write("go", "")
            run.wait()
            self.assertEqual(terminal.exit_code(), 1, "the run's own code")
        self.assertIn("this run is over", terminal.shown())
        self.assertIn("tasks: 4 finished, 1 failed", terminal.shown())

    def test_leaving_watch_leaves_the_run(self):
        with self.running() as run:
            self.wait_for_file("began3")
            terminal = Terminal(self.words("watch"), self)
            terminal.wait_for_text("3 running")
            os.write(terminal.fd, b"\x03")
            self.assertEqual(terminal.exit_code(), 130)
            self.assertIn("goes on", terminal.shown())
            self.assertIsNone(run.poll())

    def test_watch_of_a_run_that_is_over_shows_what_came_of_it(self):
        self.write("go", "")
        self.run_workflow()
        ended = self.call("watch", "last")
        self.assertEqual(ended.code, 1)
        self.assertIn("this run is over", ended.out)
        self.assertIn("4 finished, 1 failed", ended.out)
        seen = json.loads(self.call("watch", "last", "--json").out)
        assert_true_to(self, "watch", seen)
        self.assertEqual((seen["state"], seen["tasks"]["failed"]), ("failed", 1))

    def test_watch_and_top_tell_programs_what_is_used_and_reserved(self):
        with self.running():
            self.wait_for_file("began3")
            run = self.last_run()
            self.wait_for(lambda: len(self.watched()["running"]) == 3, "three running tasks")
            seen = self.watched()
            assert_true_to(self, "watch", seen)
            self.assertEqual((seen["run"], seen["tasks"]["finished"], seen["tasks"]["running"]), (run, 1, 3))
            self.assertEqual([task["task"] for task in seen["running"]], ["slow[1]", "slow[2]", "slow[3]"])
            self.assertIsNone(seen["left_s"]["most"], "nobody knows how long slow takes")
            self.assertEqual(seen["memory_bytes"]["reserved"],
                             sum(task["memory_bytes"]["reserved"] for task in seen["running"]))
            top = json.loads(self.call("top", "--json", history=False).out)
            assert_true_to(self, "top", top)
            self.assertEqual([(each["run"], each["tasks"]["running"]) for each in top["runs"]], [(run, 3)])
            self.assertEqual(top["other_runs"]["count"], 0)
            self.assertEqual(top["memory_bytes"]["reserved"], seen["memory_bytes"]["reserved"])
            told = self.call("top", history=False).out
            self.assertIn(f"waits {run}"[:20], told)
            self.assertIn("slow", told)
        self.wait_for(lambda: not json.loads(self.call("top", "--json", history=False).out)["runs"], "no run")

    def watched(self):
        return json.loads(self.call("watch", "last", "--json", "--once").out)

    def test_a_run_that_was_killed_is_seen_by_nobody_and_swept_by_the_next(self):
        with self.running() as run:
            self.wait_for_file("began3")
            self.watched()
            run.send_signal(signal.SIGKILL)
            run.wait()
        self.assertEqual(json.loads(self.call("top", "--json", history=False).out)["runs"], [])
        folder = f"{self.environment['PLIMSOLL_LEDGER']}-live-{os.getuid()}"
        self.assertEqual(len(os.listdir(folder)), 1)
        self.write("go", "")
        self.run_workflow()
        self.assertEqual(os.listdir(folder), [])

    def test_a_single_command_is_seen_by_top_and_watch_too(self):
        words = self.words("exec", "--name", "single") + ["--", "sh", "-c", "touch began; while [ ! -e go ]; do sleep 0.02; done"]
        process = subprocess.Popen(words, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.kill)
        self.wait_for_file("began")
        self.wait_for(lambda: self.running_by_top() == 1, "the command in top")
        self.assertEqual(len(self.watched()["running"]), 1)
        self.write("go", "")
        self.assertEqual(process.wait(desk.PATIENCE_S), 0)

    def running_by_top(self):
        runs = json.loads(self.call("top", "--json", history=False).out)["runs"]
        return sum(run["tasks"]["running"] for run in runs)

    def test_watch_where_nobody_draws_follows_what_the_run_prints(self):
        with self.running("--keep-going") as run, open(self.path("followed"), "w") as told:
            self.wait_for_file("began3")
            watch = subprocess.Popen(self.words("watch"), cwd=self.folder, env=self.environment, stdout=told,
                                     stdin=subprocess.DEVNULL)
            self.addCleanup(watch.kill)
            self.wait_for(lambda: "[1/5] quick: done" in self.read("followed"), "what was printed before")
            self.write("go", "")
            run.wait(desk.PATIENCE_S)
            self.assertEqual(watch.wait(desk.PATIENCE_S), 1, "the run's own code")
        self.assertIn("4 finished, 1 failed", self.read("followed"))


desk.main()
