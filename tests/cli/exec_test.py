# SPDX-License-Identifier: Apache-2.0
"""plimsoll exec: a single command, passed through, measured and sized."""
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time

import jsonschema

import desk

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LOAD = os.environ.get("PLIMSOLL_LOAD", "")
MIB = 1 << 20


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


class Exec(desk.Case):
    def exec(self, *words, options=(), stdin=b"", **how):
        done = subprocess.run([desk.PROGRAM, "exec", "--history", self.history, *options, "--", *words],
                              cwd=self.folder, env=self.environment, input=stdin, capture_output=True,
                              timeout=desk.PATIENCE_S * 2, **how)
        return desk.Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    def report(self, *words, options=(), **how):
        ended = self.exec(*words, options=["--json", "report.json", *options], **how)
        report = json.loads(self.read("report.json"))
        with open(f"{ROOT}/docs/reference/schemas/exec.schema.json") as file:
            jsonschema.Draft202012Validator(json.load(file)).validate(report)
        self.assertEqual(report["exit_code"], ended.code)
        return report


class Deadline(Exec):
    def test_a_command_that_cannot_be_done_in_time_does_not_run_and_the_earliest_is_named(self):
        hopeless = self.exec("touch", "ran", options=["--request", "time=1h", "--deadline", "30m"])
        self.assertEqual(hopeless.code, 2)
        self.assertIn("The earliest that can be kept is 1h 00m", hopeless.err)
        self.assertFalse(os.path.exists(f"{self.folder}/ran"))
        self.assertEqual(self.call("history", "list", "--json").out.count('"run"'), 0)
        in_time = self.exec("touch", "ran", options=["--request", "time=1h", "--deadline", "2h"])
        self.assertEqual(in_time.code, 0)
        self.assertTrue(os.path.exists(f"{self.folder}/ran"))

    def test_a_runtime_that_nobody_knows_is_promised_nothing_and_that_is_said(self):
        ended = self.exec("true", options=["--deadline", "1m"])
        self.assertEqual(ended.code, 0)
        self.assertIn("not known yet", ended.err)


class PassedThrough(Exec):
    def test_input_output_and_errors_are_the_commands_own(self):
        ended = self.exec("sh", "-c", "cat; echo err >&2", stdin=b"in\n", options=["--quiet"])
        self.assertEqual((ended.code, ended.out, ended.err), (0, "in\n", "err\n"))

    def test_the_summary_goes_to_standard_error_alone(self):
        ended = self.exec("echo", "out")
        self.assertEqual(ended.out, "out\n")
        self.assertIn("plimsoll: echo: done in", ended.err)
        for column in ("used", "reserved", "next time"):
            self.assertIn(column, ended.err)
        self.assertTrue(all(len(line) <= 80 for line in ended.err.splitlines()), ended.err)

    def test_words_reach_the_command_as_they_are(self):
        ended = self.exec("printf", "%s|", "a b", "$HOME", "*", "", "--", "-x", "'", options=["-q"])
        self.assertEqual(ended.out, "a b|$HOME|*||--|-x|'|")

    def test_without_two_dashes_the_command_begins_at_its_first_word(self):
        done = self.shell(f"{desk.PROGRAM} exec --history {self.history} -q printf '%s ' --quiet -n; echo $?")
        self.assertEqual(done.out, "--quiet -n 0\n")

    def test_exit_codes_and_signals_are_the_commands(self):
        self.assertEqual(self.exec("sh", "-c", "exit 7").code, 7)
        self.assertEqual(self.exec("sh", "-c", "kill -TERM $$").code, 143)
        self.assertEqual(self.exec("sh", "-c", "kill -SEGV $$").code, 139)
        missing = self.exec("no-such-program-here", options=["--quiet"])
        self.assertEqual(missing.code, 127)
        self.assertIn("no program 'no-such-program-here' on PATH", missing.err)
        self.write("plain.txt", "")
        self.assertEqual(self.exec("./plain.txt").code, 126)

    def test_shell_words_are_programs_and_nothing_else(self):
        self.assertEqual(self.exec("exit", "3").code, 127)

    def test_descriptors_and_ignored_signals_are_inherited(self):
        done = self.shell(f"{desk.PROGRAM} exec -q --history {self.history} -- cat <(echo one) /dev/fd/3 3< <(echo two)")
        self.assertEqual(done.out, "one\ntwo\n", done.err)
        done = self.shell(f"trap '' HUP; {desk.PROGRAM} exec -q --history {self.history} -- sh -c 'kill -HUP $$; echo lives'")
        self.assertEqual(done.out, "lives\n")
        blocked = self.exec("grep", "-E", "Sig(Blk|Ign)", "/proc/self/status", options=["-q"])
        self.assertIn("SigBlk:\t0000000000000000", blocked.out)

    def test_closed_streams_harm_nothing(self):
        done = self.shell(f"{desk.PROGRAM} exec -q --history {self.history} -- true <&- >&- 2>&-; echo $?")
        self.assertEqual(done.out, "0\n")
        self.assertEqual(self.call("history", "check").code, 0)

    def test_it_stands_in_pipes(self):
        done = self.shell(f"seq 1 100000 | {desk.PROGRAM} exec -q --history {self.history} -- sort -n | head -n 1")
        self.assertEqual(done.out, "1\n")
        done = self.shell(f"set -o pipefail; {desk.PROGRAM} exec -q --history {self.history} -- yes | head -n 1; echo $?")
        self.assertEqual(done.out, "y\n141\n", "it ends by SIGPIPE as it would alone")

    def test_what_it_leaves_behind_is_ended(self):
        self.exec("sh", "-c", "sleep 300 & echo $! > pid")
        self.wait_for(lambda: not is_running(int(self.read("pid"))), "the end of the process left")


class Signals(Exec):
    def started(self, *words):
        process = subprocess.Popen([desk.PROGRAM, "exec", "--history", self.history, "--", *words], cwd=self.folder,
                                   env=self.environment, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                   start_new_session=True)
        self.addCleanup(process.kill)
        self.addCleanup(process.stderr.close)
        return process

    def test_a_signal_to_plimsoll_reaches_the_command(self):
        self.write("trap.sh", "trap 'echo got > got; exit 9' INT\ntouch started\nwhile :; do sleep 0.05; done\n")
        process = self.started("sh", "trap.sh")
        self.wait_for_file("started")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(desk.PATIENCE_S), 9)
        self.assertTrue(self.has("got"))

    def test_a_command_that_dies_of_it_ends_plimsoll_with_128_and_the_signal(self):
        process = self.started("sh", "-c", "touch started; exec sleep 300")
        self.wait_for_file("started")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(desk.PATIENCE_S), 143)

    def test_stop_ends_it(self):
        process = self.started("sh", "-c", "touch started; exec sleep 300")
        self.wait_for_file("started")
        self.assertEqual(self.call("stop", "last").code, 0)
        self.assertEqual(process.wait(desk.PATIENCE_S), 143)

    def test_killed_plimsoll_takes_the_command_with_it_and_the_next_one_finds_order(self):
        process = self.started("sh", "-c", "echo $$ > pid; touch started; exec sleep 300")
        self.wait_for_file("started")
        process.kill()
        process.wait()
        self.wait_for(lambda: not is_running(int(self.read("pid"))), "the end of the command")
        self.assertEqual(self.exec("true").code, 0)
        runs = self.json("history", "list")["runs"]
        self.assertEqual([run["state"] for run in runs], ["finished", "interrupted"])

    def in_terminal(self, line, typed):
        """What a shell in a terminal prints: `line` is run, and `typed` is typed once the file `started` is there."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.folder)
            os.execve("/bin/bash", ["bash", "--norc", "-c", line], self.environment)
        text, sent, end = b"", False, time.monotonic() + desk.PATIENCE_S
        while time.monotonic() < end:
            if not sent and self.has("started"):
                os.write(terminal, typed)
                sent = True
            ready, _, _ = select.select([terminal], [], [], 0.05)
            if not ready:
                continue
            try:
                part = os.read(terminal, 4096)
            except OSError:
                break
            if not part:
                break
            text += part
        os.close(terminal)
        _, status = os.waitpid(pid, 0)
        return text.decode(errors="replace"), status

    def test_the_command_has_the_terminal_and_ctrl_c_reaches_it_once(self):
        self.write("once.sh", "test -t 0 && test -t 1 && echo terminal\ntrap 'echo caught' INT\ntouch started\n"
                              "n=0; while [ $n -lt 20 ]; do sleep 0.05; n=$((n+1)); done\nexit 5\n")
        text, _ = self.in_terminal(f"{desk.PROGRAM} exec -q --history {self.history} -- sh once.sh; echo code $?", b"\x03")
        self.assertIn("terminal", text)
        self.assertEqual(text.count("caught"), 1, text)
        self.assertIn("code 5", text)

    def test_ctrl_c_ends_the_loop_of_a_script_around_it(self):
        line = (f"for i in 1 2 3; do {desk.PROGRAM} exec -q --history {self.history} -- sh -c 'touch started; exec sleep 2'; "
                "echo round; done")
        text, status = self.in_terminal(line, b"\x03")
        self.assertNotIn("round", text)
        self.assertTrue(os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 130)

    def test_the_users_shell_outlives_what_dead_runners_leave_in_its_session(self):
        # A process of the terminal's session that carries the mark of a dead owner; then a sweep from elsewhere.
        line = (f"{desk.PROGRAM} exec -q --cgroups off --history {self.history} -- sh -c "
                f"'sleep 300 & echo $! > left; kill -9 $PPID'; "
                f"setsid -w {desk.PROGRAM} exec -q --history {self.history} -- true; echo shell lives")
        text, _ = self.in_terminal(line, b"")
        self.assertIn("shell lives", text)
        self.wait_for(lambda: not is_running(int(self.read("left"))), "the end of what was left")


class Learning(Exec):
    def load(self, size="40MiB"):
        if not LOAD:
            self.skipTest("PLIMSOLL_LOAD does not name the load program")
        return [LOAD, "--by", "touch", "--memory", f"0s:{size} 0.6s:{size}"]

    def test_the_second_time_it_knows(self):
        first = self.report(*self.load())
        self.assertEqual((first["source"], first["samples"]), ("request", 0))
        self.assertIsNone(first["reserved"]["runtime_s"])
        second = self.report(*self.load())
        self.assertEqual((second["source"], second["samples"]), ("kind", 1))
        self.assertEqual(second["reserved"]["memory_bytes"], first["next"]["memory_bytes"])
        self.assertLess(second["reserved"]["memory_bytes"], 120 * MIB)
        self.assertGreaterEqual(second["used"]["memory_peak_bytes"], 38 * MIB)
        self.assertGreater(second["next"]["runtime_s"], 0)

    def test_other_arguments_of_one_shape_are_the_same_kind_and_names_gather_what_has_none(self):
        self.write("a.txt", "b\na\n")
        self.write("other.txt", "b\na\n")
        self.assertEqual(self.report("sort", "a.txt")["kind"]["step"], "sort *.txt")
        self.assertEqual(self.report("sort", "other.txt")["samples"], 1)
        self.assertEqual(self.report("sort", "-r", "other.txt")["kind"]["step"], "sort -r *.txt")
        self.report("true", options=["--name", "nightly"])
        self.assertEqual(self.report("date", options=["--name", "nightly"])["kind"]["workflow"], "exec nightly")

    def test_the_request_is_what_the_first_run_gets(self):
        report = self.report("true", options=["--request", "memory=64MiB,cpu=1"])
        self.assertEqual(report["reserved"]["memory_bytes"], 64 * MIB)
        self.assertEqual(report["reserved"]["cpu_cores"], 1)

    def test_it_is_grown_in_place(self):
        report = self.report(*self.load("80MiB"), options=["--request", "memory=40MiB"])
        self.assertEqual(report["outcome"], "finished")
        self.assertGreater(report["grown"], 0)

    def test_out_of_memory_is_told_and_the_code_is_that_of_the_command(self):
        if not desk.has_memory_groups():
            self.skipTest("no cgroups with a memory limit")
        report = self.report("sh", "-c", "head -c 300M /dev/zero | tail -c 290M | wc -c; exit 4",
                             options=["--max-memory", "64MiB"])
        # 4 where the kernel ended one process of it, 137 where all of it had to be ended.
        self.assertEqual(report["outcome"], "out_of_memory")
        self.assertIn(report["exit_code"], (4, 137))

    def test_it_is_found_again_by_show_explain_and_history(self):
        self.exec("sort", "--version", options=["--name", "versions"])
        self.assertEqual(self.json("show", "last")["workflow"], "exec versions")
        self.assertIn("versions: finished", self.call("explain").out)
        self.assertIn("exec versions", self.call("history", "list").out)

    def test_the_report_goes_to_a_descriptor(self):
        done = self.shell(f"{desk.PROGRAM} exec -q --json 3 --history {self.history} -- echo out 3>report.json")
        self.assertEqual(done.out, "out\n")
        self.assertEqual(json.loads(self.read("report.json"))["exit_code"], 0)

    def test_many_at_once(self):
        done = self.shell(f"seq 1 20 | xargs -P 8 -I N {desk.PROGRAM} exec -q --history {self.history} -- sh -c 'echo N'")
        self.assertEqual(sorted(map(int, done.out.split())), list(range(1, 21)), done.err)
        self.assertEqual(len(self.json("history", "list")["runs"]), 20)


class Refused(Exec):
    def refused(self, *words):
        ended = self.call("exec", *words, history=False)
        self.assertEqual((ended.code, ended.out), (2, ""), ended.err)
        return ended.err

    def test_mistakes_are_named_with_the_remedy(self):
        self.assertIn("plimsoll exec [OPTIONS] -- COMMAND", self.refused())
        self.assertIn("did you mean '--name'?", self.refused("--nmae", "x", "--", "true"))
        self.assertIn("did you mean 'memory'?", self.refused("--request", "memroy=8G", "--", "true"))
        self.assertRegex(self.refused("--request", "memory=900TiB", "--", "true"), "more than the .* that can be had here")
        self.assertIn("--json 77: no such descriptor is open", self.refused("--json", "77", "--", "true"))
        self.assertIn("cannot open", self.refused("--json", "/no/such/folder/x", "--", "true"))
        self.assertEqual(os.listdir(self.folder), [])


desk.main()
