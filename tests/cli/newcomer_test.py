# SPDX-License-Identifier: Apache-2.0
"""What somebody meets first: help, init, completion, manual pages."""
import os
import re
import shutil
import subprocess

import desk

COMMANDS = re.compile(r"^  ([\w-]+) ", re.M)


def section(text, title):
    return text.partition(f"\n{title}:\n")[2].partition("\n\n")[0]


class Help(desk.Case):
    def pages(self):
        """The words of every command, and its help."""
        todo, pages = [()], {}
        while todo:
            words = todo.pop()
            ended = self.call(*words, "--help", history=False)
            self.assertEqual((ended.code, ended.err), (0, ""))
            pages[words] = ended.out
            todo += [(*words, command) for command in COMMANDS.findall(section(ended.out, "Commands"))]
        return pages

    def test_each_command_has_help_with_examples_within_80_columns(self):
        for words, page in self.pages().items():
            self.assertIn("Usage: plimsoll", page)
            self.assertIn("\nExamples:\n  $ ", page, f"{words}: no example; add one in apps/plimsoll/help/examples.cc")
            for line in page.splitlines():
                self.assertTrue(len(line) <= 80 or line.startswith("  $ "), (words, line))

    def test_help_of_a_command_is_the_same_by_its_name(self):
        self.assertEqual(self.call("help", "history", "list", history=False).out,
                         self.call("history", "list", "--help", history=False).out)
        wrong = self.call("help", "rnu", history=False)
        self.assertEqual(wrong.code, 2)
        self.assertIn("did you mean 'run'?", wrong.err)

    def test_each_command_has_a_manual_page_that_renders_without_warnings(self):
        self.assertEqual(self.call("man-pages", "man", history=False).code, 0)
        pages = {" ".join(("plimsoll", *words)).replace(" ", "-") + ".1" for words in self.pages()}
        self.assertEqual(set(os.listdir(self.path("man"))), pages)
        if not shutil.which("groff"):
            self.skipTest("no groff")
        for page in sorted(pages):
            done = subprocess.run(["groff", "-ww", "-man", "-Tutf8", self.path(f"man/{page}")], capture_output=True,
                                  text=True, timeout=desk.PATIENCE_S, env=dict(self.environment, LC_ALL="C.UTF-8"))
            self.assertEqual((done.returncode, done.stderr), (0, ""), page)
        self.assertIn("--keep-going", re.sub("\x1b\\[[0-9;]*m|.\b", "", self.rendered("plimsoll-run.1")))

    def rendered(self, page):
        return subprocess.run(["groff", "-man", "-Tutf8", self.path(f"man/{page}")], capture_output=True, text=True,
                              timeout=desk.PATIENCE_S, env=dict(self.environment, LC_ALL="C.UTF-8")).stdout


class FirstRun(desk.Case):
    def test_what_is_kept_of_a_step_that_nobody_knows_is_explained_once(self):
        self.write("w.yaml", "steps: {a: {scatter: {i: [1, 2]}, command: 'echo {i}'}, b: {command: 'true'}}")
        told = self.run_workflow().out
        self.assertEqual(told.count("is known of"), 1, told)
        self.assertRegex(told, r"note: nothing is known of '[ab]' yet and it requests no memory: it gets a share of "
                               r"this machine, [\d.]+ [MGT]iB; what its first task uses sizes the next\n")
        self.assertNotIn("is known of", self.run_workflow("--force").out)

    def test_a_first_run_says_that_the_next_one_will_know_more(self):
        self.write("w.yaml", "steps: {a: {request: {memory: 1GiB}, command: 'sleep 0.1'}}")
        first = "the next run is sized by this one"
        self.assertIn(first, self.run_workflow().out)
        self.assertNotIn(first, self.run_workflow("--force").out)
        self.assertNotIn(first, self.run_workflow("--force", "--sizing", "requests").out)

    def test_a_missing_program_is_told_with_how_to_get_it(self):
        self.write("w.yaml", "steps: {a: {command: no-such-program1 x}, b: {command: 'echo a | no-such-program2'}}")
        told = self.run_workflow("--keep-going").out
        for program in ("no-such-program1", "no-such-program2"):
            self.assertRegex(told, f"  to get '{program}': .*(apt-file search bin/{program}|apt install )")

    def test_amounts_are_told_in_the_same_unit_whatever_their_size(self):
        for command in ("true", "sleep 0.3"):
            self.write("w.yaml", f"steps: {{a: {{request: {{memory: 1GiB}}, command: '{command}'}}}}")
            told = self.run_workflow("--force", "--sizing", "requests").out
            self.assertIn("\n  memory GB x s ", told)
            self.assertIn("\n  cpu core x s ", told)

    def test_quiet_says_nothing_of_what_was_set_aside(self):
        self.write("w.yaml", "steps: {a: {outputs: out, command: 'echo x > {output}; exit 3'}}")
        told = self.run_workflow("--quiet").out
        self.assertIn("FAILED  a: exit code 3", told)
        self.assertNotIn("note:", told)
        self.assertIn("what it left of its outputs is kept as", self.run_workflow().out)


class Init(desk.Case):
    def test_the_workflow_it_writes_passes_check_and_runs(self):
        self.assertEqual(self.call("init", history=False).code, 0)
        self.assertEqual(self.call("check", "workflow.yaml", history=False).code, 0)
        ended = self.run_workflow(file="workflow.yaml")
        self.assertEqual(ended.code, 0, ended.err + ended.out)
        self.assertIn("tasks: 5 finished", ended.out)
        self.assertTrue(self.has("results/total.txt"))
        self.assertIn("5 up to date", self.run_workflow(file="workflow.yaml").out)

    def test_a_file_that_is_there_stays_as_it_is(self):
        self.write("workflow.yaml", "mine")
        ended = self.call("init", history=False)
        self.assertEqual(ended.code, 2)
        self.assertIn("is there already and stays as it is", ended.err)
        self.assertEqual(self.read("workflow.yaml"), "mine")
        self.assertEqual(self.call("init", "other/flow.yaml", history=False).code, 0)
        self.assertIn("plimsoll run other/flow.yaml", self.read("other/flow.yaml"))

    def test_a_place_that_cannot_be_written_is_told(self):
        self.assertEqual(self.call("init", "/proc/flow.yaml", history=False).code, 3 if os.geteuid() else 2)


class Completion(desk.Case):
    def offered(self, *words):
        ended = self.call("complete", "--", *words, history=False)
        self.assertEqual((ended.code, ended.err), (0, ""))
        return [line.split("\t")[0] for line in ended.out.splitlines()]

    def prepare(self):
        self.write("w.yaml", "steps: {first: {command: 'true'}, second: {scatter: {i: [1, 2]}, command: 'echo {i}'}}")
        self.assertEqual(self.run_workflow().code, 0)
        return self.last_run()

    def test_commands_and_flags_and_their_values(self):
        self.assertEqual(self.offered("pre"), ["predict"])
        self.assertIn("list", self.offered("history", ""))
        self.assertEqual(self.offered("run", "--sha"), ["--shape"])
        self.assertEqual(self.offered("run", "w.yaml", "--shape", ""), ["full", "flat", "off"])
        self.assertEqual(self.offered("run", "--shape=f"), ["--shape=full", "--shape=flat"])
        self.assertEqual(self.offered("run", ""), [":files"])
        self.assertEqual(self.offered("completion", ""), ["bash", "zsh", "fish"])
        self.assertEqual(self.offered("help", "exe"), ["exec"])

    def test_runs_tasks_steps_and_workflows(self):
        run = self.prepare()
        self.assertEqual(self.offered("show", "--history", self.history, ""), ["last", run])
        self.assertEqual(self.offered("logs", "--history", self.history, "last", "sec"), ["second[1]", "second[2]"])
        self.assertEqual(self.offered("run", "w.yaml", "--only", ""), ["first", "second"])
        self.assertEqual(self.offered("history", "list", "--history", self.history, "--workflow", ""), ["w"])

    def test_what_cannot_be_known_offers_nothing_and_says_nothing(self):
        self.assertEqual(self.offered("show", "--history", "/no/such.db", ""), [])
        self.assertEqual(self.offered("run", "nothing.yaml", "--only", ""), [])
        self.assertEqual(self.offered("nonsense", "--what", ""), [])

    def test_behind_exec_it_is_the_commands_own(self):
        self.assertEqual(self.offered("exec", "--name", "x", "--", "so"), [":command 5"])
        self.assertEqual(self.offered("exec", "so"), [":command 2"])
        self.assertEqual(self.offered("exec", "sort", "--nu"), [":command 2"])
        self.assertEqual(self.offered("exec", "--na"), ["--name"])

    def run_shell(self, shell, script):
        if not shutil.which(shell):
            self.skipTest(f"no {shell}")
        environment = dict(self.environment, PATH=f"{os.path.dirname(desk.PROGRAM)}:{self.environment['PATH']}")
        done = subprocess.run([shell, *(["-f"] if shell == "zsh" else ["--norc"] if shell == "bash" else ["--no-config"]),
                               "-c", script], cwd=self.folder, env=environment, text=True, capture_output=True,
                              timeout=desk.PATIENCE_S)
        self.assertEqual(done.stderr, "")
        return done.stdout.split("\n")

    def bash(self, *words):
        typed = " ".join(f"'{word}'" for word in ("plimsoll", *words))
        return self.run_shell("bash", f"source <(plimsoll completion bash); COMP_WORDS=({typed}); "
                              f"COMP_CWORD={len(words)}; _plimsoll plimsoll; printf '%s\\n' \"${{COMPREPLY[@]}}\"")[:-1]

    def test_in_bash(self):
        run = self.prepare()
        self.assertEqual(self.bash("pre"), ["predict"])
        self.assertEqual(self.bash("run", "--shape", "=", "fl"), ["flat"])
        self.assertEqual(self.bash("show", "--history", self.history, run[:8]), [run])
        self.assertEqual(self.bash("run", "w."), ["w.yaml"])
        self.assertEqual(self.bash("logs", "--history", self.history, "last", "second"), ["second\\[1\\]", "second\\[2\\]"])
        self.assertIn("sort", self.bash("exec", "--", "sor"))

    def test_in_fish(self):
        self.prepare()
        told = self.run_shell("fish", "plimsoll completion fish | source; complete -C 'plimsoll run w.yaml --only '; "
                              "complete -C 'plimsoll pre'; complete -C 'plimsoll run w.'; complete -C 'plimsoll run --shape=fu'")
        self.assertEqual([line.split("\t")[0] for line in told if line], ["first", "second", "predict", "w.yaml", "--shape=full"])

    def test_in_zsh_the_script_is_read_without_a_complaint(self):
        self.run_shell("zsh", "autoload -Uz compinit; compinit -u -d ./dump; source <(plimsoll completion zsh); "
                       "[[ $_comps[plimsoll] == _plimsoll ]] || echo wrong >&2")


desk.main()
