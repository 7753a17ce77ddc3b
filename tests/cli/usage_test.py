# SPDX-License-Identifier: Apache-2.0
"""What is said to somebody who mistypes: commands, options, files."""
import os

import desk


class Misspelt(desk.Case):
    def refused(self, *words):
        ended = self.call(*words, history=False)
        self.assertEqual((ended.code, ended.out), (2, ""), words)
        return ended.err

    def test_the_nearest_command_is_named(self):
        self.assertIn("no command 'rnu'; did you mean 'run'?", self.refused("rnu", "w.yaml"))
        self.assertIn("history has no command 'lst'; did you mean 'list'?", self.refused("history", "lst"))
        self.assertIn("no command 'doctr'; did you mean 'doctor'?", self.refused("doctr"))
        self.assertIn("`plimsoll --help` lists", self.refused("walk"))

    def test_the_nearest_option_is_named_with_or_without_a_value(self):
        self.assertIn("plimsoll run has no option '--forc'; did you mean '--force'?", self.refused("run", "--forc", "w"))
        self.assertIn("did you mean '--max-cpu'?", self.refused("run", "w.yaml", "--max-cpus", "2"))
        self.assertIn("did you mean '--max-cpu'?", self.refused("run", "w.yaml", "--max-cpus=2"))
        self.assertIn("`plimsoll run --help` lists", self.refused("run", "w.yaml", "-x"))

    def test_what_other_tools_call_it_is_understood(self):
        self.assertIn("no option '-j'; did you mean '--max-cpu'?", self.refused("run", "w.yaml", "-j", "4"))
        self.assertIn("import has no command 'slurm'; did you mean 'sacct'?", self.refused("import", "slurm", "jobs.txt"))
        self.assertIn("import has no command 'jobs.txt'; there is sacct, nextflow,", self.refused("import", "jobs.txt"))

    def test_the_nearest_value_and_the_nearest_file_are_named(self):
        self.assertIn("--shape: 'ful' is none of full, flat, off; did you mean 'full'?",
                      self.refused("run", "w.yaml", "--shape", "ful"))
        self.assertIn("SHELL: 'tcsh' is none of bash, zsh, fish", self.refused("completion", "tcsh"))
        self.assertIn("`plimsoll init` writes one to start from", self.refused("run", "w.yaml"))
        self.write("flow/align.yaml", "")
        self.assertIn("did you mean flow/align.yaml?", self.refused("run", "flow/algin.yaml"))
        self.assertIn("there is flow/align.yaml", self.refused("check", "flow/x"))

    def test_what_is_missing_or_too_many_is_named(self):
        self.assertIn("FILE", self.refused("run"))
        self.assertIn("Examples:\n  $ plimsoll init\n", self.refused())
        self.assertIn("a command is missing: sacct, nextflow", self.refused("import"))
        self.assertIn("'b' is a word too many for plimsoll run", self.refused("run", "a", "b"))


class Files(desk.Case):
    def test_a_folder_is_not_run_and_the_file_in_it_is_named(self):
        self.write("flow/b.yaml", "")
        self.write("flow/a.yaml", "")
        for command in ("run", "check", "predict"):
            ended = self.call(command, "flow", history=False)
            self.assertEqual(ended.code, 2)
            self.assertIn("flow is a folder; name the workflow file in it, such as flow/a.yaml", ended.err)

    def test_a_file_that_cannot_be_read_is_wrong_usage(self):
        ended = self.call("check", "/proc/self/mem", history=False)
        self.assertEqual(ended.code, 2)
        self.assertIn("cannot read /proc/self/mem", ended.err)
        if os.geteuid() != 0:
            self.write("w.yaml", "")
            os.chmod(self.path("w.yaml"), 0)
            self.assertEqual(self.call("check", "w.yaml", history=False).code, 2)


desk.main()
