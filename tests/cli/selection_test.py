# SPDX-License-Identifier: Apache-2.0
"""Which tasks run: up to date or not, --force, --failed, --only, --keep-going, --dry-run, --set, --graph; temporary
outputs."""
import os

import desk

CHAIN = """
params: {word: one}
defaults: {request: {cpu: 0.1, memory: 32MiB}}
steps:
  make:
    outputs: out/a.txt
    command: echo {word} | tee {output}; echo make >> ran
  copy:
    inputs: out/a.txt
    outputs: out/b.txt
    command: cp {input} {output}; echo copy >> ran
"""

TWO_WAYS = """
defaults: {request: {cpu: 1, memory: 32MiB}}
steps:
  bad: {command: "echo bad >> ran; [ -e good ]", outputs: {}, priority: 1}
  after_bad: {needs: bad, command: "echo after_bad >> ran"}
  other: {command: "echo other >> ran"}
  after_other: {needs: other, command: "echo after_other >> ran"}
"""

TEMPORARY = """
defaults: {request: {cpu: 0.1, memory: 32MiB}}
steps:
  scratch:
    outputs: {big: {path: scratch.txt, temporary: true}}
    command: echo scratch >> ran; echo big > {output}
  left:
    inputs: [scratch.txt, left.in]
    outputs: left.txt
    command: echo left >> ran; cat {input} > {output}
  right:
    inputs: scratch.txt
    outputs: right.txt
    command: echo right >> ran; cat {input} > {output}
"""


class Runs(desk.Case):
    def ran(self, *words):
        """The steps that ran, as they themselves wrote down."""
        if self.has("ran"):
            os.remove(self.path("ran"))
        self.ended = self.run_workflow(*words)
        return self.lines("ran")


class Selection(Runs):
    def test_a_second_run_finds_everything_up_to_date(self):
        self.write("w.yaml", CHAIN)
        self.assertEqual(self.ran(), ["make", "copy"])
        self.assertEqual(self.ran(), [])
        self.assertEqual(self.ended.code, 0)
        self.assertEqual(self.json("show", "last")["tasks"],
                         {"finished": 0, "failed": 0, "up_to_date": 2, "cancelled": 0})
        self.assertEqual(self.ran("--resume"), [])

    def test_force_runs_everything_again(self):
        self.write("w.yaml", CHAIN)
        self.ran()
        self.assertEqual(self.ran("--force"), ["make", "copy"])

    def test_set_runs_what_the_parameter_changes_and_says_so(self):
        self.write("w.yaml", CHAIN)
        self.ran()
        self.assertEqual(self.ran("--set", "word=two", "--explain"), ["make", "copy"])
        self.assertIn("command", self.ended.out)
        self.assertIn("out/a.txt changed", self.ended.out)
        self.assertEqual(self.read("out/b.txt"), "two\n")
        self.assertEqual(self.ran("--set", "wrod=two"), [])
        self.assertEqual(self.ended.code, 2)
        self.assertIn("word", self.ended.err)

    def test_a_lost_output_is_made_again_and_the_same_content_stops_there(self):
        self.write("w.yaml", CHAIN)
        self.ran()
        os.remove(self.path("out/a.txt"))
        self.assertEqual(self.ran(), ["make"])
        os.utime(self.path("out/a.txt"), ns=(1, 1))
        self.assertEqual(self.ran(), [])

    def test_only_runs_one_step(self):
        self.write("w.yaml", CHAIN)
        self.assertEqual(self.ran("--only", "make"), ["make"])
        self.assertEqual(self.ran("--only", "copy"), ["copy"])
        self.assertEqual(self.ran("--force", "--only", "copy", "--only", "make"), ["make", "copy"])
        self.assertEqual(self.ran("--only", "make", "--only", "cpy"), [])
        self.assertEqual(self.ended.code, 2)
        self.assertIn("copy", self.ended.err)

    def test_the_first_failure_starts_nothing_more(self):
        self.write("w.yaml", TWO_WAYS)
        self.assertEqual(self.ran("--max-cpu", "1"), ["bad"])
        self.assertEqual(self.ended.code, 1)
        self.assertEqual(self.json("show", "last")["tasks"], {"finished": 0, "failed": 1, "up_to_date": 0, "cancelled": 3})

    def test_keep_going_runs_all_that_does_not_depend_on_it(self):
        self.write("w.yaml", TWO_WAYS)
        self.assertEqual(self.ran("--keep-going", "--max-cpu", "1"), ["bad", "other", "after_other"])
        self.assertEqual(self.ended.code, 1)

    def test_failed_runs_what_failed_and_what_follows_and_no_more(self):
        self.write("w.yaml", TWO_WAYS)
        self.ran("--keep-going")
        self.write("good", "")
        self.assertEqual(self.ran("--failed"), ["bad", "after_bad"])
        self.assertEqual(self.ended.code, 0)

    def test_dry_run_runs_nothing_and_writes_nothing(self):
        self.write("w.yaml", CHAIN)
        before = sorted(os.listdir(self.folder))
        self.assertEqual(self.ran("--dry-run"), [])
        self.assertEqual(self.ended.code, 0)
        self.assertIn("2 of 2 tasks would run", self.ended.out)
        self.assertEqual(sorted(os.listdir(self.folder)), before)

    def test_dry_run_plans_with_what_was_learned_and_adds_nothing_to_the_history(self):
        # Long enough to be seen without cgroups too.
        self.write("w.yaml", CHAIN.replace("command: ", "command: sleep 0.3; "))
        self.ran()
        runs = self.json("history", "list")["sizes"]
        self.assertEqual(self.ran("--dry-run", "--force"), [])
        self.assertIn("2 of 2 tasks would run, in about", self.ended.out)
        self.assertEqual(self.json("history", "list")["sizes"]["runs"], runs["runs"])

    def test_dry_run_takes_no_time_for_what_is_up_to_date_or_not_known(self):
        slow = CHAIN.replace("command: ", "command: sleep 0.3; ")
        self.write("w.yaml", slow)
        self.ran()
        self.write("w.yaml", slow.replace("cp {input}", "cp -p {input}"))
        self.assertEqual(self.ran("--dry-run"), [])
        self.assertRegex(self.ended.out, r"1 of 2 tasks would run, in about 0\.[0-9]+ s")
        self.write("w.yaml", slow.replace("cp {input}", "cp -p {input}") + "  new: {command: 'true'}\n")
        self.assertEqual(self.ran("--dry-run"), [])
        self.assertRegex(self.ended.out, r"2 of 3 tasks would run, in about 0\.[0-9]+ s")

    def test_failed_says_so_when_nothing_had_failed(self):
        self.write("w.yaml", CHAIN)
        self.ran()
        self.assertEqual(self.ran("--failed"), [])
        self.assertEqual(self.ended.code, 0)
        self.assertIn("nothing failed in run", self.ended.err)
        self.assertEqual(self.json("history", "list")["sizes"]["runs"], 1, "a run that runs nothing is not recorded")
        self.assertEqual(self.ran("--failed", "--detach"), [])
        self.assertEqual((self.ended.code, self.ended.out), (0, ""))

    def test_graph_is_dot_and_runs_nothing(self):
        self.write("w.yaml", CHAIN)
        self.assertEqual(self.ran("--graph"), [])
        self.assertTrue(self.ended.out.startswith("digraph"), self.ended.out)
        self.assertIn("make", self.ended.out)
        self.assertFalse(self.has("history/h.db"))

    def test_names_with_blanks_and_quotes_reach_the_command_whole(self):
        self.write("in/it's a file.txt", "x\n")
        self.write("w.yaml", 'steps:\n  a:\n    scatter: {f: {files: "in/*"}}\n    inputs: "{f}"\n'
                             '    outputs: "out/{f.name}"\n    command: cp {input} {output}\n')
        self.assertEqual(self.run_workflow().code, 0)
        self.assertEqual(self.read("out/it's a file.txt"), "x\n")


class Temporary(Runs):
    def setUp(self):
        super().setUp()
        self.write("left.in", "1\n")
        self.write("w.yaml", TEMPORARY)

    def test_temporaries_go_when_nobody_reads_them_and_are_not_missed(self):
        self.assertEqual(sorted(self.ran()), ["left", "right", "scratch"])
        self.assertFalse(self.has("scratch.txt"))
        self.assertEqual(self.ran(), [], "a deleted temporary alone is no reason to run")

    def test_a_temporary_is_made_again_only_for_a_reader_that_must_run(self):
        self.ran()
        self.write("left.in", "2\n")
        self.assertEqual(self.ran(), ["scratch", "left"])
        self.assertFalse(self.has("scratch.txt"))
        self.assertEqual(self.read("left.txt"), "big\n2\n")


desk.main()
