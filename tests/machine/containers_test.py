# SPDX-License-Identifier: Apache-2.0
"""Steps in containers, with the real podman: files, users, exit codes, measuring, and that nothing is left.

Usage: containers_test.py PLIMSOLL. The image is made here, from busybox; no registry is asked.
"""
import glob
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "cli"))
import desk  # noqa: E402

MIB = 1 << 20
IMAGE = "localhost/plimsoll-test:1"
OTHER = "localhost/plimsoll-test:2"
# The last word keeps the shell, and with it what it holds, until the sleep is over: a last command replaces it.
TAKES_40_MIB = "sleep 0.3; x=$(head -c 40000000 /dev/zero | tr '\\0' x); sleep 1; :"


def reason_to_skip():
    for program in ("podman", "busybox"):
        if not shutil.which(program):
            return f"{program} is not installed"
    return ""


class Podman:
    """podman with images and containers of its own, in a folder; `user` is who calls it, where that is another."""

    def __init__(self, folder, user=None):
        self.folder, self.words = folder, as_user(user) + ["podman"]
        self.environment = dict(os.environ, CONTAINERS_STORAGE_CONF=f"{folder}/storage.conf", TMPDIR=folder)
        if user:
            self.environment |= {"HOME": folder, "XDG_RUNTIME_DIR": f"{folder}/runtime"}
        with open(f"{folder}/storage.conf", "w") as file:
            file.write(f'[storage]\ndriver = "vfs"\ngraphroot = "{folder}/images"\nrunroot = "{folder}/state"\n')
            # A user without a range of other users' numbers cannot keep whose the image's files are.
            file.write('[storage.options.vfs]\nignore_chown_errors = "true"\n' if user else "")

    def call(self, *words):
        done = subprocess.run([*self.words, *words], cwd=self.folder, env=self.environment, capture_output=True, text=True,
                              timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"podman {' '.join(words)}: {done.stderr}")
        return done.stdout

    def make_image(self, name, mark):
        """busybox, and a file that says which image it is."""
        root = tempfile.mkdtemp(dir=self.folder)
        for path in ("bin", "etc", "tmp"):
            os.makedirs(f"{root}/{path}")
        shutil.copy(shutil.which("busybox"), f"{root}/bin/busybox")
        for applet in ("sh", "cat", "sleep", "head", "tr", "id", "env", "wc", "ls", "kill", "sed", "touch"):
            os.symlink("busybox", f"{root}/bin/{applet}")
        with open(f"{root}/etc/mark", "w") as file:
            file.write(mark + "\n")
        with tarfile.open(f"{self.folder}/rootfs.tar", "w") as archive:
            archive.add(root, arcname=".")
        self.call("import", "--quiet", f"{self.folder}/rootfs.tar", name)

    def containers(self):
        return self.call("ps", "--all", "--format", "{{.Names}}").split()

    def conmons(self):
        """Processes of conmon that watch a container in this folder."""
        found = []
        for path in glob.glob("/proc/[0-9]*/cmdline"):
            try:
                with open(path, "rb") as file:
                    words = file.read().split(b"\0")
            except OSError:
                continue
            if words[0].endswith(b"conmon") and any(self.folder.encode() in word for word in words):
                found.append(path.split("/")[2])
        return found


def as_user(user):
    """What begins the words of a call by this user; nothing: by ourselves."""
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"] if user else []


def groups_of(run):
    return [path for root in ("/sys/fs/cgroup", "/sys/fs/cgroup/*") for path in glob.glob(f"{root}/plimsoll/{run}@*")]


def command_lines():
    lines = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                lines.append(file.read().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            pass
    return lines


class Containers(desk.Case):
    @classmethod
    def setUpClass(cls):
        cls.reason = reason_to_skip()
        if cls.reason:
            return
        cls.home = tempfile.mkdtemp(prefix="plimsoll-podman-")
        cls.addClassCleanup(shutil.rmtree, cls.home, ignore_errors=True)
        cls.podman = Podman(cls.home)
        try:
            cls.podman.make_image(IMAGE, "one")
        except RuntimeError as error:
            cls.reason = f"podman does not work here: {error}"

    def setUp(self):
        if self.reason:
            self.skipTest(self.reason)
        super().setUp()
        self.environment |= {"CONTAINERS_STORAGE_CONF": self.podman.environment["CONTAINERS_STORAGE_CONF"]}

    def workflow(self, command, more="", head=""):
        script = "\n        ".join(command.splitlines())
        self.write("w.yaml", f"{head}defaults: {{container: {IMAGE}, shell: sh -euc}}\nsteps:\n  a:\n"
                             f"    command: |\n        {script}\n{more}")

    def run_to_end(self, *words, code=0):
        ended = self.run_json(*words)
        self.assertNotIn("left its cgroup", ended.out + ended.err)
        self.assertEqual(ended.code, code, ended.err + ended.out + self.logs())
        return ended

    def logs(self):
        return "".join(self.read(path) for path in glob.glob(f"{self.folder}/history/runs/*/logs/*.log"))

    def last(self, ended, event):
        found = [line for line in ended.events if line["event"] == event]
        self.assertTrue(found, ended.out + ended.err + self.logs())
        return found[-1]

    def assert_no_container_left(self, run):
        self.assert_nothing_left(run)
        self.wait_for(lambda: not self.podman.conmons(), "the end of conmon")
        self.assertEqual(groups_of(run), [])
        self.assertEqual(self.podman.containers(), [])

    # --- files and users ---
    def test_a_task_reads_and_writes_at_the_paths_that_files_have_outside(self):
        self.write("in.txt", "from outside\n")
        self.workflow("cat /etc/mark {input} > {output}; pwd >> {output}; id -u >> {output}",
                      "    inputs: in.txt\n    outputs: deep/out.txt\n")
        ended = self.run_to_end()
        self.assertEqual(self.lines("deep/out.txt"), ["one", "from outside", self.folder, str(os.geteuid())])
        self.assertEqual(os.stat(self.path("deep/out.txt")).st_uid, os.geteuid())
        self.assert_no_container_left(self.last(ended, "run_finished")["run"])

    def test_inputs_cannot_be_written_and_what_is_not_named_is_not_there(self):
        self.write("in.txt", "x\n")
        other = tempfile.mkdtemp(prefix="plimsoll-other-")
        self.addCleanup(shutil.rmtree, other)
        self.workflow(f"if echo y 2>&- >> {{input}}; then exit 4; fi; test ! -e {other}; touch {{output}}",
                      "    inputs: in.txt\n    outputs: out\n")
        self.run_to_end()
        self.assertEqual(self.read("in.txt"), "x\n")

    def test_files_get_the_users_umask(self):
        self.workflow("touch {output}", "    outputs: out\n")
        before = os.umask(0o027)
        try:
            self.run_to_end()
        finally:
            os.umask(before)
        self.assertEqual(os.stat(self.path("out")).st_mode & 0o777, 0o640)

    def test_podman_without_root_runs_a_step_too(self):
        self.skip_unless_root()
        user = desk.nobody()
        for folder in (self.folder, self.path("podman"), self.path("podman/runtime")):
            os.makedirs(folder, exist_ok=True)
            os.chown(folder, user.pw_uid, user.pw_gid)
        os.chmod(self.path("podman/runtime"), 0o700)
        podman = Podman(self.path("podman"), user)
        try:
            podman.make_image(IMAGE, "theirs")
        except RuntimeError as error:
            self.skipTest(f"podman without root does not work here: {error}")
        shutil.copy(desk.PROGRAM, self.path("plimsoll"))  # the build may lie where only root may look
        self.workflow("cat /etc/mark > {output}; id -u >> {output}", "    outputs: out\n")
        done = subprocess.run([*as_user(user), self.path("plimsoll"), "run", "w.yaml", "--history", self.path("h.db")],
                              cwd=self.folder, env=self.environment | podman.environment, capture_output=True, text=True,
                              timeout=desk.PATIENCE_S * 2)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.lines("out"), ["theirs", "0"])
        self.assertEqual(os.stat(self.path("out")).st_uid, user.pw_uid)
        self.assertEqual(podman.containers(), [])

    # --- ends ---
    def test_exit_codes_are_kept(self):
        self.workflow("exit 7")
        failed = self.last(self.run_to_end(code=1), "task_failed")
        self.assertEqual((failed["outcome"], failed.get("exit_code", 7)), ("exit", 7))
        self.assertIn("exit code 7", self.call("show", "last").out + self.call("run", "w.yaml").out)

    def test_a_program_that_the_image_lacks_is_told(self):
        self.write("w.yaml", f"steps: {{a: {{container: {IMAGE}, command: 'echo a | bzip9'}}}}")
        ended = self.run_workflow()
        self.assertEqual(ended.code, 1)
        self.assertIn("bash", ended.out + ended.err)  # the shell is the first that busybox' image lacks

    def test_a_task_out_of_time_ends_with_its_container(self):
        self.workflow("sleep 1000", "    timeout: 1s\n    retry: {timeout: 0}\n")
        failed = self.last(self.run_to_end(code=1), "task_failed")
        self.assertEqual(failed["outcome"], "timeout")
        self.assert_no_container_left(failed["run"])

    def test_a_cancelled_run_leaves_no_container(self):
        self.workflow("touch begun; sleep 1000")
        with self.running() as process:
            self.wait_for_file("begun")
            run = self.last_run()
            process.send_signal(signal.SIGINT)
            time.sleep(0.1)
            process.send_signal(signal.SIGINT)
            self.assertEqual(self.end_of(process).code, 130)
        self.assert_no_container_left(run)

    def test_a_run_cancelled_while_its_container_is_made_leaves_none(self):
        self.workflow("sleep 1000")
        before = set()
        for wait_s in (0.02, 0.1, 0.2, 0.3):
            with self.running() as process:
                self.wait_for(lambda: self.has("history/runs") and set(os.listdir(self.path("history/runs"))) - before)
                run = (set(os.listdir(self.path("history/runs"))) - before).pop()
                before.add(run)
                self.wait_for(lambda: desk.processes_of(run))
                time.sleep(wait_s)
                process.send_signal(signal.SIGINT)
                process.send_signal(signal.SIGINT)
                time.sleep(0.05)
                process.send_signal(signal.SIGINT)
                self.assertEqual(self.end_of(process).code, 130)
            self.assert_no_container_left(run)

    def test_after_a_kill_the_next_run_leaves_nothing_of_the_last(self):
        self.workflow("if test -e begun; then touch {output}; else touch begun; sleep 1000; fi", "    outputs: out\n")
        with self.running() as process:
            self.wait_for_file("begun")
            run = self.last_run()
            process.kill()
            process.wait()
        ended = self.run_to_end()
        self.assertTrue(self.has("out"))
        for each in (run, self.last(ended, "run_finished")["run"]):
            self.assert_no_container_left(each)

    def test_what_a_container_leaves_running_ends_with_its_task(self):
        self.workflow("sleep 1234 & touch {output}", "    outputs: out\n")
        ended = self.run_to_end()
        self.assertFalse([line for line in command_lines() if line == "sleep 1234 "])
        self.assert_no_container_left(self.last(ended, "run_finished")["run"])

    # --- limits and measuring ---
    def skip_without_groups(self):
        if not desk.has_memory_groups():
            self.skipTest("no memory cgroups for this user")

    def test_memory_is_measured_as_without_a_container(self):
        self.skip_without_groups()
        self.workflow(TAKES_40_MIB, "    request: {memory: 200MiB}\n")
        used = self.last(self.run_to_end(), "task_finished")["used"]
        self.assertGreater(used["memory_peak_bytes"], 39_000_000)
        self.assertLess(used["memory_peak_bytes"], 140 * MIB)
        self.workflow("sleep 1", "    request: {memory: 200MiB}\n")
        used = self.last(self.run_to_end(), "task_finished")["used"]
        self.assertLess(used["memory_peak_bytes"], 5 * MIB)  # podman itself takes thirty

    def test_a_task_that_needs_more_is_grown_in_its_container(self):
        self.skip_without_groups()
        self.workflow(TAKES_40_MIB, "    request: {memory: 20MiB}\n")
        ended = self.run_to_end()
        self.assertEqual(ended.tasks_with("task_grown")[:1], ["a"])
        self.assertEqual(ended.tasks_with("task_retried"), [])

    def test_out_of_memory_is_seen_whatever_the_exit_code(self):
        self.skip_without_groups()
        self.workflow("sh -c 'x=$(head -c 90000000 /dev/zero | tr \"\\\\0\" x); sleep 1' || true",
                      "    request: {memory: 20MiB}\n    retry: {out_of_memory: 0}\n")
        failed = self.last(self.run_to_end("--shape", "off", code=1), "task_failed")
        self.assertEqual(failed["outcome"], "out_of_memory")

    def test_tasks_wait_frozen_for_memory_in_their_containers(self):
        self.skip_without_groups()
        self.write("w.yaml", f"steps:\n  a:\n    container: {IMAGE}\n    shell: sh -euc\n    scatter: {{i: [1, 2, 3]}}\n"
                             "    command: |\n        : {i}; sleep 1; x=$(head -c 60000000 /dev/zero | tr '\\0' x); sleep 1\n"
                             "    request: {memory: 30MiB, cpu: 0.1}\n")
        ended = self.run_to_end("--max-memory", "260MiB")
        self.assertEqual(len(ended.tasks_with("task_finished")), 3)
        self.assertEqual(ended.tasks_with("task_retried"), [])

    # --- variables ---
    def test_variables_and_secrets_reach_the_command_and_nobody_else(self):
        self.environment["TOKEN"] = "hunter2-of-the-test"
        self.write("token", "hunter2-of-the-test")
        self.workflow('test "$X" = "a b"; test "$TOKEN" = "$(cat token)"; test "$PLIMSOLL_TASK" = a\n'
                      'echo $TOKEN; touch begun; sleep 1',
                      "    env: {X: a b}\n    secrets: [TOKEN]\n")
        with self.running() as process:
            self.wait_for_file("begun")
            self.assertFalse([line for line in command_lines() if "hunter2-of-the-test" in line])
            ended = self.end_of(process)
        self.assertEqual(ended.code, 0, ended.err + ended.out + self.logs())
        self.assertIn("***", self.logs())
        with open(self.history, "rb") as file:
            self.assertNotIn(b"hunter2-of-the-test", file.read())

    # --- images ---
    def test_another_image_of_the_same_name_runs_the_task_again(self):
        self.podman.make_image(OTHER, "first")
        self.write("w.yaml", f"steps: {{a: {{container: {OTHER}, command: cp /etc/mark out, shell: 'sh -c', outputs: out}}}}"
                   .replace("cp /etc/mark out", "cat /etc/mark > out"))
        self.run_to_end()
        self.assertEqual(self.run_to_end().tasks_with("task_up_to_date"), ["a"])
        self.podman.make_image(OTHER, "second")
        self.assertIn("image changed", self.run_workflow("--dry-run", "--explain").out)
        self.run_to_end()
        self.assertEqual(self.lines("out"), ["second"])

    def test_an_image_that_is_nowhere_is_told_before_anything_runs(self):
        self.write("w.yaml", "steps:\n  b:\n    command: touch ran\n  a:\n    container: localhost/none:1\n    command: 'true'\n")
        ended = self.run_workflow()
        self.assertEqual(ended.code, 3)
        self.assertIn("w.yaml:5:16: the image localhost/none:1 is not on this machine", ended.err)
        self.assertFalse(self.has("ran"))
        checked = self.call("check", "w.yaml", history=False)
        self.assertEqual(checked.code, 0)
        self.assertIn("to be fetched when it is run: localhost/none:1", checked.out)

    def test_without_podman_and_docker_the_error_says_what_to_install(self):
        self.workflow("true")
        self.environment["PATH"] = self.folder
        ended = self.run_workflow()
        self.assertEqual(ended.code, 3)
        self.assertIn("w.yaml:1:23: step 'a' runs in a container: neither podman nor docker is on this machine", ended.err)
        named = self.run_workflow("--container-engine", "singularity")
        self.assertIn("no program 'singularity'", named.err)


if __name__ == "__main__":
    desk.main()
