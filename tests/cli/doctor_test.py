# SPDX-License-Identifier: Apache-2.0
"""plimsoll doctor: true to its schema on this machine, and its remedies do what they say."""
import json
import os
import subprocess

import jsonschema

import desk

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Doctor(desk.Case):
    def doctor(self, *before, code=0):
        done = subprocess.run([*before, desk.PROGRAM, "doctor", "--json", "--history", self.history], cwd=self.folder,
                              env=self.environment, capture_output=True, text=True, timeout=desk.PATIENCE_S)
        self.assertEqual(done.returncode, code, done.stderr)
        told = json.loads(done.stdout)
        with open(f"{ROOT}/docs/reference/schemas/doctor.schema.json") as file:
            jsonschema.Draft202012Validator(json.load(file)).validate(told)
        self.assertEqual(told["can_run"], code == 0)
        return told

    def finding(self, told, subject):
        return next(each for each in told["findings"] if each["subject"] == subject)

    def test_what_it_says_of_cgroups_is_what_a_run_gets(self):
        told = self.doctor()
        self.assertEqual(told["cgroups"]["memory_limits"], desk.has_memory_groups())
        self.assertEqual(self.finding(told, "cgroups")["standing"], "ok" if desk.has_memory_groups() else "degraded")

    def test_for_people_it_fits_80_columns_but_for_commands_and_has_no_colour_in_a_pipe(self):
        told = self.call("doctor")
        self.assertEqual(told.code, 0)
        self.assertNotIn("\033", told.out)
        for line in told.out.splitlines():
            self.assertTrue(len(line) <= 80 or line.startswith("      "), line)
        self.assertIn("Plimsoll can run here", told.out)

    def test_it_leaves_nothing_behind(self):
        self.doctor()
        self.assertEqual(os.listdir(self.folder), [])

    def test_without_proc_nothing_can_run(self):
        self.skip_unless_root()
        told = self.doctor("unshare", "-m", "sh", "-c", "umount -l /proc && exec \"$@\"", "sh", code=3)
        self.assertIn("mount /proc", told["trouble"])

    def test_without_cgroups_it_says_how_to_mount_them(self):
        self.skip_unless_root()
        told = self.doctor("unshare", "-m", "sh", "-c", "umount -R /sys/fs/cgroup && exec \"$@\"", "sh")
        self.assertEqual((told["cgroups"]["kind"], told["cgroups"]["mounted"]), ("none", 0))
        self.assertIn("mount -t cgroup2", self.finding(told, "cgroups")["remedies"][0])

    def test_with_the_v1_part_of_a_hybrid_alone_it_says_v1(self):
        self.skip_unless_root()
        if self.doctor()["cgroups"]["kind"] != "hybrid":
            self.skipTest("this machine's cgroups are no hybrid")
        told = self.doctor("unshare", "-m", "sh", "-c", "umount /sys/fs/cgroup/unified && exec \"$@\"", "sh")
        self.assertEqual((told["cgroups"]["kind"], told["cgroups"]["memory_limits"]), ("cgroup-v1", True))

    def test_a_read_only_mount_is_told(self):
        self.skip_unless_root()
        if not self.doctor()["cgroups"]["memory_limits"]:
            self.skipTest("no cgroups with a memory limit")
        told = self.doctor("unshare", "-m", "sh", "-c", "for d in /sys/fs/cgroup /sys/fs/cgroup/*; do mountpoint -q $d && "
                           "mount -o bind,remount,ro $d; done; exec \"$@\"", "sh")
        self.assertIn("read-only", self.finding(told, "cgroups")["text"])


desk.main()
