# SPDX-License-Identifier: Apache-2.0
"""The whole program as an ordinary user: in a subtree of cgroups that was handed over to him, and without cgroups.

Usage: ordinary_user_test.py PLIMSOLL; PLIMSOLL_LOAD names the load program. Root is needed to hand a subtree over.
"""
import glob
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "cli"))
import desk  # noqa: E402

LOAD = os.environ.get("PLIMSOLL_LOAD", "")
MIB = 1 << 20
GROWS = {"memory": "0s:5MiB 0.8s:45MiB 1.5s:45MiB", "request": "30MiB"}
FOUR_FULL = "165MiB"  # four start, and cannot all grow


def hierarchies():
    """The folder of every mounted hierarchy."""
    with open("/proc/self/mounts") as file:
        mounts = [line.split() for line in file]
    return [where for _, where, kind, *_ in mounts if kind in ("cgroup", "cgroup2")]


class Delegated:
    """A subtree that belongs to a user, in every hierarchy; his processes begin in the group `shell` of it."""

    def __init__(self, name, user):
        self.groups = [f"{folder}/{name}" for folder in hierarchies()]
        for group in self.groups:
            os.makedirs(f"{group}/shell")
            self.fill_cpuset(group)
            for path in (group, f"{group}/shell"):
                os.chown(path, user.pw_uid, user.pw_gid)
                for file in ("cgroup.procs", "tasks", "cgroup.subtree_control", "cgroup.threads"):
                    if os.path.exists(f"{path}/{file}"):
                        os.chown(f"{path}/{file}", user.pw_uid, user.pw_gid)

    @staticmethod
    def fill_cpuset(group):
        """A v1 cpuset takes no process before it has been told its cores and its memory nodes."""
        for path in (group, f"{group}/shell"):
            for file in ("cpuset.cpus", "cpuset.mems"):
                if os.path.exists(f"{path}/{file}") and not os.path.exists(f"{path}/cgroup.controllers"):
                    with open(f"{os.path.dirname(path)}/{file}") as above, open(f"{path}/{file}", "w") as own:
                        own.write(above.read())

    def enter(self):
        for group in self.groups:
            with open(f"{group}/shell/cgroup.procs", "w") as file:
                file.write("0")

    def left(self):
        """What stands beneath it but for its own leaf."""
        return [path for group in self.groups for path in glob.glob(f"{group}/*/") if not path.endswith("/shell/")]

    def remove(self):
        for group in self.groups:
            for folder, _, _ in os.walk(group, topdown=False):
                os.rmdir(folder)


def memory_group(lines):
    """From the lines of /proc/PID/cgroup: the group in the hierarchy that limits memory."""
    groups = {controllers: group for _, controllers, group in (line.split(":", 2) for line in lines)}
    return groups.get("memory", groups.get(""))


class OrdinaryUser(desk.Case):
    def setUp(self):
        super().setUp()
        self.skip_unless_root()
        os.chmod(self.folder, 0o777)
        for name, program in (("plimsoll", desk.PROGRAM), ("load", LOAD)):
            # The build may lie where only root may look.
            if program:
                shutil.copy(program, self.path(name))

    def as_nobody(self, *words, subtree=None):
        user = desk.nobody()
        done = subprocess.run(["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups",
                               self.path("plimsoll"), *words, "--history", self.path("theirs/h.db")],
                              cwd=self.folder, env=self.environment, text=True, capture_output=True,
                              timeout=desk.PATIENCE_S * 2, stdin=subprocess.DEVNULL,
                              preexec_fn=subtree.enter if subtree else None)
        return desk.Ended(done.returncode, done.stdout, done.stderr)

    def delegate(self):
        if not hierarchies():
            self.skipTest("no cgroups are mounted")
        subtree = Delegated(f"plimsoll-delegated-{os.getpid()}", desk.nobody())
        self.addCleanup(subtree.remove)
        return subtree

    def write_growing(self, tasks=1):
        if not LOAD:
            self.skipTest("PLIMSOLL_LOAD does not name the load program")
        self.write("w.yaml", f"""
steps:
  work:
    scatter: {{i: {{range: [1, {tasks}]}}}}
    outputs: "out{{i}}"
    request: {{cpu: 0.1, memory: {GROWS['request']}}}
    command: ./load --memory '{GROWS['memory']}' --output {{output}}
""")

    def ends_of(self, ended):
        return [event for event in ended.events if "outcome" in event]

    # --- a subtree of his own ---
    def test_in_a_delegated_subtree_tasks_stand_in_groups_beneath_it_and_none_is_left(self):
        subtree = self.delegate()
        self.write("w.yaml", "steps: {a: {outputs: groups, request: {memory: 64MiB, cpu: 0.5}, "
                             "command: 'cat /proc/self/cgroup > {output}; sleep 0.3'}}")
        ended = self.as_nobody("run", "w.yaml", "--json", subtree=subtree)
        self.assertEqual(ended.code, 0, ended.err)
        own = f"/{os.path.basename(subtree.groups[0])}/plimsoll/{ended.events[0]['run']}"
        self.assertIn(own, memory_group(self.lines("groups")))
        self.assertFalse(any("no hard memory limit" in event.get("reason", "") for event in ended.events), ended.out)
        self.assertEqual(subtree.left(), [])

    def test_in_a_delegated_subtree_memory_is_limited_and_its_end_is_told(self):
        subtree = self.delegate()
        self.write("w.yaml", "steps: {a: {request: {memory: 64MiB, cpu: 0.5}, "
                             "command: 'head -c 300M /dev/zero | tail -c 290M | wc -c'}}")
        ended = self.as_nobody("run", "w.yaml", "--json", "--max-memory", "100MiB", subtree=subtree)
        self.assertEqual(ended.code, 1, ended.err)
        self.assertEqual({event["outcome"] for event in self.ends_of(ended)}, {"out_of_memory"}, ended.out)
        self.assertEqual(subtree.left(), [])

    def test_in_a_delegated_subtree_a_task_is_grown_in_place(self):
        subtree = self.delegate()
        self.write_growing()
        ended = self.as_nobody("run", "w.yaml", "--json", "--sizing", "requests", subtree=subtree)
        self.assertEqual(ended.code, 0, ended.err)
        self.assertEqual([event["outcome"] for event in self.ends_of(ended)], ["finished"])
        grown = ended.tasks_with("task_grown")
        self.assertEqual(set(grown), {"work[1]"}, ended.out)
        self.assertEqual(subtree.left(), [])

    def test_in_a_delegated_subtree_that_is_too_small_tasks_wait_frozen_and_all_finish(self):
        subtree = self.delegate()
        self.write_growing(tasks=4)
        ended = self.as_nobody("run", "w.yaml", "--json", "--sizing", "requests", "--max-memory", FOUR_FULL,
                               subtree=subtree)
        self.assertEqual(ended.code, 0, ended.err + ended.out)
        self.assertTrue(ended.tasks_with("task_frozen"), ended.out)
        self.assertEqual([event["outcome"] for event in self.ends_of(ended)], ["finished"] * 4)
        self.assertEqual(subtree.left(), [])

    # --- what doctor says of it ---
    def doctor(self, told):
        self.assertEqual(told.code, 0, told.err)
        told = json.loads(told.out)
        return told["cgroups"], next(each for each in told["findings"] if each["subject"] == "cgroups")

    def test_in_a_delegated_subtree_doctor_finds_hard_memory_limits(self):
        subtree = self.delegate()
        groups, finding = self.doctor(self.as_nobody("doctor", "--json", subtree=subtree))
        self.assertTrue(groups["memory_limits"], finding)
        self.assertEqual(finding["standing"], "ok")
        self.assertEqual(subtree.left(), [])

    def test_what_doctor_advises_where_nothing_is_delegated_helps(self):
        if not hierarchies():
            self.skipTest("no cgroups are mounted")
        user = desk.nobody()
        groups, finding = self.doctor(self.as_nobody("doctor", "--json"))
        self.assertEqual((groups["kind"], finding["standing"]), ("none", "degraded"))
        remedy = finding["remedies"][-1].removeprefix("sudo ")
        self.assertIn("cgroup.procs", remedy)
        self.addCleanup(self.remove_handed_over)
        script = (f"{remedy}\nsetpriv --reuid={user.pw_uid} --regid={user.pw_gid} --clear-groups "
                  f"{self.path('plimsoll')} doctor --json --history {self.path('theirs/h.db')}")
        done = subprocess.run(["bash", "-c", script], cwd=self.folder, env=self.environment, text=True,
                              capture_output=True, timeout=desk.PATIENCE_S)
        groups, finding = self.doctor(desk.Ended(done.returncode, done.stdout, done.stderr))
        self.assertTrue(groups["memory_limits"], finding)

    def remove_handed_over(self):
        for folder in hierarchies():
            for group in glob.glob(f"{folder}/plimsoll-nobody"):
                for below, _, _ in os.walk(group, topdown=False):
                    os.rmdir(below)

    # --- no cgroup at all ---
    def test_without_cgroups_what_is_held_follows_need_and_all_finish(self):
        self.write_growing(tasks=2)
        ended = self.as_nobody("run", "w.yaml", "--json", "--sizing", "requests")
        self.assertEqual(ended.code, 0, ended.err)
        self.assertEqual(set(ended.tasks_with("task_grown")), {"work[1]", "work[2]"}, ended.out)
        last = [event["reserved"]["memory_bytes"] for event in self.ends_of(ended)]
        self.assertTrue(all(held >= 45 * MIB for held in last), ended.out)

    def test_without_cgroups_tasks_wait_stopped_where_memory_is_short_and_all_finish(self):
        self.write_growing(tasks=4)
        ended = self.as_nobody("run", "w.yaml", "--json", "--sizing", "requests", "--max-memory", FOUR_FULL)
        self.assertEqual(ended.code, 0, ended.err + ended.out)
        self.assertTrue(ended.tasks_with("task_frozen"), ended.out)
        self.assertEqual([event["outcome"] for event in self.ends_of(ended)], ["finished"] * 4)
        self.assertEqual(desk.processes_of(ended.events[0]["run"]), [])


desk.main()
