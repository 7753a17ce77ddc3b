# SPDX-License-Identifier: Apache-2.0
"""Where things lie and who may write there: an ordinary user, read-only places, damaged histories; runs beside runs."""
import os
import subprocess

import desk

TWO_AT_ONCE = """
steps:
  work:
    scatter: {i: {range: [1, 6]}}
    request: {cpu: 0.1, memory: 100MiB}
    command: sleep 0.2
"""


class Places(desk.Case):
    def as_nobody(self, *words, keep_groups=False):
        self.skip_unless_root()
        os.chmod(self.folder, 0o777)
        nobody = desk.nobody()
        # The build may lie where only root may look; the program itself needs nothing beside it.
        program = self.path("plimsoll")
        if not os.path.exists(program):
            subprocess.run(["cp", desk.PROGRAM, program], check=True)
            os.chmod(program, 0o755)
        done = subprocess.run(["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups",
                               program, *words], cwd=self.folder, env=self.environment, text=True, capture_output=True,
                              timeout=desk.PATIENCE_S * 2, stdin=subprocess.DEVNULL)
        return desk.Ended(done.returncode, done.stdout, done.stderr)

    def test_an_ordinary_user_runs_without_cgroups_and_is_told_once(self):
        self.write("w.yaml", "steps: {a: {scatter: {i: [1, 2]}, outputs: 'out{i}', command: 'echo {i} > {output}'}}")
        history = self.path("theirs/h.db")
        ended = self.as_nobody("run", "w.yaml", "--json", "--history", history)
        self.assertEqual(ended.code, 0, ended.err)
        self.assertEqual(self.read("out2"), "2\n")
        notices = [event["reason"] for event in ended.events if event["event"] == "notice"]
        self.assertEqual(len([text for text in notices if "no hard memory limit" in text]), 1, notices)
        used = [event["used"] for event in ended.events if event["event"] == "task_finished"]
        self.assertTrue(all(one["runtime_s"] > 0 for one in used))
        self.assertEqual(os.stat(history).st_mode & 0o777, 0o600)

    def test_cgroups_off_needs_no_cgroups(self):
        self.write("w.yaml", "steps: {a: {command: 'cat /proc/self/cgroup'}}")
        self.assertEqual(self.run_workflow("--cgroups", "off").code, 0)
        self.assertNotIn("/plimsoll/", self.call("logs", "last").out)

    def test_a_named_history_that_cannot_be_written_exits_with_3_and_runs_nothing(self):
        self.skip_unless_root()
        self.write("w.yaml", "steps: {a: {command: 'touch ran'}}")
        os.makedirs(self.path("readonly"))
        os.chmod(self.path("readonly"), 0o555)
        ended = self.as_nobody("run", "w.yaml", "--history", self.path("readonly/h.db"))
        self.assertEqual(ended.code, 3, ended.out)
        self.assertIn("readonly", ended.err)
        self.assertFalse(self.has("ran"))

    def test_without_a_place_of_its_own_a_run_goes_on_and_says_so(self):
        self.skip_unless_root()
        self.write("w.yaml", "steps: {a: {command: 'touch ran'}}")
        os.makedirs(self.path("home"))
        os.chmod(self.path("home"), 0o555)
        self.environment["HOME"] = self.path("home")
        ended = self.as_nobody("run", "w.yaml")
        self.assertEqual(ended.code, 0, ended.err)
        self.assertIn("warning", ended.err)
        self.assertTrue(self.has("ran"))
        self.assertIn("1 finished", ended.out)
        self.assertEqual(self.temporaries(), [], "nobody needs what it wrote")

    def temporaries(self):
        return [self.path(name) for name in os.listdir(self.folder) if name.startswith("plimsoll-")]

    def test_of_an_unrecorded_run_that_failed_the_logs_are_kept_and_named(self):
        self.skip_unless_root()
        self.write("w.yaml", "steps: {a: {command: 'echo why; exit 3'}}")
        os.makedirs(self.path("home"))
        os.chmod(self.path("home"), 0o555)
        self.environment["HOME"] = self.path("home")
        ended = self.as_nobody("run", "w.yaml")
        self.assertEqual(ended.code, 1, ended.err)
        self.assertEqual(len(self.temporaries()), 1)
        self.assertIn(f"is kept in {self.temporaries()[0]}", ended.err)

    def test_a_damaged_history_is_an_error_with_its_remedy(self):
        self.write("w.yaml", "steps: {a: {command: 'touch ran'}}")
        self.run_workflow()
        os.remove(self.path("ran"))
        with open(self.history, "r+b") as file:
            file.write(b"\0" * 4096)
        for name in ("h.db-wal", "h.db-shm"):
            if self.has(f"history/{name}"):
                os.remove(self.path(f"history/{name}"))
        ended = self.run_workflow()
        self.assertEqual(ended.code, 3)
        self.assertIn("set-aside", ended.err)
        self.assertFalse(self.has("ran"))
        self.assertEqual(self.call("history", "check").code, 3)
        self.assertEqual(self.call("history", "set-aside").code, 0)
        self.assertEqual(self.run_workflow().code, 0)
        self.assertTrue(self.has("ran"))

    def test_the_same_file_is_not_run_twice_at_once(self):
        self.write("w.yaml", "steps: {a: {command: 'touch started; while [ ! -e go ]; do sleep 0.02; done'}}")
        with self.running() as run:
            self.wait_for_file("started")
            second = self.run_workflow()
            self.assertEqual(second.code, 3)
            self.assertIn("is being run already", second.err)
            self.assertEqual(self.run_workflow("--dry-run").code, 0)
            self.write("go", "")
            self.assertEqual(self.end_of(run).code, 0)

    def test_two_runs_together_never_hold_more_than_the_limit(self):
        for name in ("one", "two"):
            self.write(f"{name}/w.yaml", TWO_AT_ONCE)
        with self.running("--json", "--max-memory", "300MiB", file="one/w.yaml") as first:
            second = self.run_workflow("--json", "--max-memory", "300MiB", file="two/w.yaml")
            ended = self.end_of(first)
        self.assertEqual((ended.code, second.code), (0, 0), ended.err + second.err)
        # An end frees before it is told, and a start is told after it holds: at one instant ends come first.
        changes = []
        for run in (ended, second):
            for event in run.events:
                amount = event.get("reserved", {}).get("memory_bytes", 0)
                if event["event"] == "task_started":
                    changes.append((event["time"], 1, amount))
                elif "outcome" in event:
                    changes.append((event["time"], 0, -amount))
        held = most = 0
        for _, _, change in sorted(changes):
            held += change
            most = max(most, held)
        self.assertLessEqual(most, 2 * (300 << 20))
        for run in (ended, second):
            held = most = 0
            for event in run.events:
                amount = event.get("reserved", {}).get("memory_bytes", 0)
                held += amount if event["event"] == "task_started" else -amount if "outcome" in event else 0
                most = max(most, held)
            self.assertLessEqual(most, 300 << 20)
            self.assertGreater(most, 0)

    def test_two_runs_never_hold_more_cores_than_the_machine_has(self):
        whole = len(os.sched_getaffinity(0))
        for name in ("one", "two"):
            self.write(f"{name}/w.yaml", "steps: {work: {scatter: {i: {range: [1, 4]}}, request: {cpu: 1, memory: 32MiB},"
                                         " command: 'date +%s%N >> ../times; sleep 0.15; date +-%s%N >> ../times'}}")
        with self.running("--json", "--sizing", "requests", file="one/w.yaml") as first:
            second = self.run_workflow("--json", "--sizing", "requests", file="two/w.yaml")
            ended = self.end_of(first)
        self.assertEqual((ended.code, second.code), (0, 0), ended.err + second.err)
        # Learned sizes would let these sleepers share a core; what was asked for is a whole one each.
        # The tasks' own clock readings, taken while they run, lie within what was held for them.
        times = sorted((abs(int(line)), 1 if not line.startswith("-") else -1) for line in self.lines("times"))
        self.assertEqual(len(times), 16)
        at_once = most = 0
        for _, change in times:
            at_once += change
            most = max(most, at_once)
        self.assertLessEqual(most, whole)


desk.main()
