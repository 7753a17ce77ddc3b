# SPDX-License-Identifier: Apache-2.0
"""A desk for tests of the real program: a folder of its own with a workflow, a history and a ledger of its own, so
that tests run side by side; and the end of a test program, which `./dev test` counts.

A test is a unittest.TestCase whose methods' names are sentences:

    class Causes(desk.Case):
        def test_a_failed_task_shows_its_last_lines(self):
            self.write("w.yaml", "steps: {a: {command: 'echo why; exit 3'}}")
            ended = self.run_workflow()
            self.assertEqual(ended.code, 1)

    desk.main()          # reads the path of the program from the command line
"""
import contextlib
import glob
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from dataclasses import dataclass

PROGRAM = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else ""
PATIENCE_S = 20  # a loaded machine, not a slow program


@dataclass
class Ended:
    code: int
    out: str
    err: str

    @property
    def events(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def tasks_with(self, event):
        return sorted(line["task"] for line in self.events if line["event"] == event)


def is_child_of_a_run(pid, run=""):
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            return f"PLIMSOLL_RUN={run}".encode() in file.read()
    except OSError:
        return False


def processes_of(run):
    return [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and is_child_of_a_run(pid, run)]


def cgroups_of(run):
    return [path for root in ("/sys/fs/cgroup", "/sys/fs/cgroup/*")
            for path in glob.glob(f"{root}/plimsoll/{run}@*") + glob.glob(f"{root}/plimsoll/{run}")]


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="plimsoll-cli-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.history = self.path("history/h.db")
        self.environment = dict(os.environ, PLIMSOLL_LEDGER=self.path("ledger"), TMPDIR=self.folder, HOME=self.folder)
        self.environment.pop("XDG_DATA_HOME", None)
        self.environment.pop("XDG_CONFIG_HOME", None)

    # --- files ---
    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w") as file:
            file.write(text)

    def read(self, name):
        with open(self.path(name)) as file:
            return file.read()

    def has(self, name):
        return os.path.exists(self.path(name))

    def lines(self, name):
        return self.read(name).splitlines() if self.has(name) else []

    # --- the program ---
    def words(self, *words, history=True):
        return [PROGRAM, *words, *(["--history", self.history] if history else [])]

    def call(self, *words, history=True, **how):
        done = subprocess.run(self.words(*words, history=history), cwd=self.folder, env=self.environment, text=True,
                              capture_output=True, timeout=PATIENCE_S * 2, stdin=subprocess.DEVNULL, **how)
        return Ended(done.returncode, done.stdout, done.stderr)

    def shell(self, line):
        done = subprocess.run(["bash", "-c", line], cwd=self.folder, env=self.environment, text=True,
                              capture_output=True, timeout=PATIENCE_S * 2, stdin=subprocess.DEVNULL)
        return Ended(done.returncode, done.stdout, done.stderr)

    def run_workflow(self, *words, file="w.yaml", **how):
        return self.call("run", file, *words, **how)

    def run_json(self, *words, **how):
        return self.run_workflow("--json", *words, **how)

    def json(self, *words):
        ended = self.call(*words, "--json")
        self.assertEqual(ended.code, 0, ended.err)
        return json.loads(ended.out)

    @contextlib.contextmanager
    def running(self, *words, file="w.yaml"):
        """A run under way, in a session of its own; killed at the end, should it still live."""
        with open(self.path("told.out"), "w") as out, open(self.path("told.err"), "w") as err:
            process = subprocess.Popen(self.words("run", file, *words), cwd=self.folder, env=self.environment,
                                       stdout=out, stderr=err, stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def end_of(self, process):
        code = process.wait(PATIENCE_S * 2)
        return Ended(code, self.read("told.out"), self.read("told.err"))

    def last_run(self):
        return self.json("show", "last")["run"]

    # --- waiting and claims ---
    def wait_for(self, holds, what="it"):
        end = time.monotonic() + PATIENCE_S
        while not holds():
            self.assertLess(time.monotonic(), end, f"{what} did not come about")
            time.sleep(0.01)

    def wait_for_file(self, name):
        self.wait_for(lambda: self.has(name), name)

    def assert_nothing_left(self, run):
        self.wait_for(lambda: not processes_of(run), f"the end of all processes of {run}")
        self.wait_for(lambda: not cgroups_of(run), f"the end of all cgroups of {run}")

    def skip_unless_root(self):
        if os.geteuid() != 0:
            self.skipTest("only root can become another user")


def has_memory_groups():
    """Can this user give a task a cgroup with a memory limit? As the program sees it."""
    with tempfile.TemporaryDirectory(prefix="plimsoll-cli-") as folder:
        with open(f"{folder}/w.yaml", "w") as file:
            file.write("steps: {a: {command: 'cat /proc/self/cgroup', request: {memory: 64MiB, cpu: 0.1}}}")
        environment = dict(os.environ, PLIMSOLL_LEDGER=f"{folder}/ledger")
        ended = subprocess.run([PROGRAM, "run", "w.yaml", "--history", f"{folder}/h.db"], cwd=folder, env=environment,
                               capture_output=True, text=True, timeout=PATIENCE_S)
        logs = glob.glob(f"{folder}/runs/*/logs/*.log")
        if not logs or "no hard memory limit" in ended.stdout:
            return False
        with open(logs[0]) as file:
            return "/plimsoll/" in file.read()


def nobody():
    return pwd.getpwnam("nobody")


class Told(unittest.TextTestResult):
    """Says of each skip why, in the words that tools/test_summary.py reads."""

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        print(f"SKIPPED {test.id().split('.', 1)[1]}: {reason}", flush=True)


def main():
    program = unittest.main(argv=[sys.argv[0], *sys.argv[2:]], exit=False,
                            testRunner=unittest.TextTestRunner(sys.stdout, resultclass=Told, verbosity=1))
    result = program.result
    failed = len({str(test) for test, _ in result.failures + result.errors})
    print(f"{result.testsRun - failed - len(result.skipped)} passed, {failed} failed, {len(result.skipped)} skipped")
    sys.exit(failed > 0)
