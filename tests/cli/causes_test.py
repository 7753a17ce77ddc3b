# SPDX-License-Identifier: Apache-2.0
"""How tasks end: causes told apart, what a failure shows, retry by cause, exit codes."""
import os

import desk


def one_step(command, more=""):
    return f"steps:\n  work:\n    request: {{cpu: 0.1, memory: 64MiB}}\n    command: |\n      {command}\n{more}"


class Causes(desk.Case):
    def outcome_of(self, command, more="", *words):
        self.write("w.yaml", one_step(command, more))
        ended = self.run_json(*words)
        return ended, [event["outcome"] for event in ended.events if "outcome" in event]

    def test_a_workflow_that_works_exits_with_0(self):
        ended, outcomes = self.outcome_of("true")
        self.assertEqual((ended.code, outcomes), (0, ["finished"]), ended.err)

    def test_an_exit_code_fails_the_task(self):
        ended, outcomes = self.outcome_of("exit 7")
        self.assertEqual((ended.code, outcomes), (1, ["exit"]))
        self.assertEqual(ended.events[-1]["state"], "failed")
        self.assertIn("exit code 7", ended.out)

    def test_a_signal_is_told_from_an_exit_code(self):
        ended, outcomes = self.outcome_of("kill -SEGV $$")
        self.assertEqual((ended.code, outcomes), (1, ["signal"]))
        self.assertIn("SEGV", ended.out)

    def test_a_timeout_ends_the_task_and_is_tried_once_more_with_more_time(self):
        ended, outcomes = self.outcome_of("sleep 30", "    timeout: 0.3s\n")
        self.assertEqual((ended.code, outcomes), (1, ["timeout", "timeout"]))
        used = [event["used"]["runtime_s"] for event in ended.events if "used" in event]
        self.assertGreaterEqual(used[1], 2 * 0.3, "the second attempt may take twice as long")

    def test_exit_0_without_the_declared_output_is_a_failure(self):
        ended, outcomes = self.outcome_of("true", "    outputs: made.txt\n")
        self.assertEqual((ended.code, outcomes), (1, ["missing_output"]))
        self.assertIn(f"made.txt not there when the command had ended well; looked for in {os.path.realpath(self.folder)}", ended.out)

    def test_an_output_made_in_the_workdir_is_missed_where_it_should_be(self):
        os.makedirs(self.path("sub"))
        ended, _ = self.outcome_of("touch made.txt", "    workdir: sub\n    outputs: made.txt\n")
        self.assertEqual(ended.code, 1)
        self.assertIn("not in sub, where it ran; let the command write to {output}", ended.out)

    def test_a_program_that_is_not_there_fails_its_task_with_its_name(self):
        ended, outcomes = self.outcome_of("no_such_program_here --version")
        self.assertEqual(ended.code, 1)
        self.assertIn("no_such_program_here", ended.out + "".join(self.read(event["log"]) for event in ended.events
                                                                  if "log" in event))

    def test_out_of_memory_is_the_kernels_own_word_and_raises_memory_alone(self):
        if not desk.has_memory_groups():
            self.skipTest("no memory cgroups for this user")
        grow = "exec python3 -c 'x = bytearray(90 << 20); print(len(x))'"
        ended, outcomes = self.outcome_of(grow, "    timeout: 60s\n", "--shape", "off")
        self.assertEqual((ended.code, outcomes), (0, ["out_of_memory", "finished"]), ended.out)
        first, second = [event["reserved"] for event in ended.events if event["event"] == "task_started"]
        self.assertGreater(second["memory_bytes"], first["memory_bytes"])
        self.assertEqual(second["cpu_cores"], first["cpu_cores"])
        self.assertEqual(second["runtime_s"], first["runtime_s"])
        self.assertEqual(self.json("show", "last")["attempts"]["out_of_memory"], 1)

    def test_a_task_that_needs_more_than_it_was_given_is_grown_instead_of_killed(self):
        if not desk.has_memory_groups():
            self.skipTest("no memory cgroups for this user")
        grow = "exec python3 -c 'x = bytearray(90 << 20); import time; time.sleep(0.5)'"
        ended, outcomes = self.outcome_of(grow, "    timeout: 60s\n")
        self.assertEqual((ended.code, outcomes), (0, ["finished"]), ended.out)
        grown = [event["reserved"]["memory_bytes"] for event in ended.events if event["event"] == "task_grown"]
        self.assertGreaterEqual(grown[-1], 90 << 20)
        told = self.call("explain", "last").out
        self.assertRegex(told, r"\+\S+ m?s +grow memory .* it uses .* of the .* held for it")
        self.assertEqual(self.json("show", "last")["attempts"]["grown"], len(grown))

    def test_a_plain_failure_is_tried_again_only_when_the_file_says_so(self):
        once_more = "echo x >> tries; [ $(wc -l < tries) -ge 2 ]"
        self.assertEqual(self.outcome_of(once_more, "    retry: 1\n")[1], ["exit", "finished"])
        self.assertEqual(self.json("show", "last")["attempts"]["retried"], 1)
        self.assertEqual(self.outcome_of("exit 1")[1], ["exit"])

    def test_a_failure_shows_command_cause_and_last_lines(self):
        self.write("w.yaml", one_step("for i in $(seq 40); do echo line $i; done; exit 9"))
        ended = self.run_workflow()
        self.assertEqual(ended.code, 1)
        self.assertIn("exit code 9", ended.out)
        self.assertIn("seq 40", ended.out)
        self.assertIn("line 40", ended.out)
        self.assertNotIn("line 3\n", ended.out)

    def test_a_backfill_is_told_by_name_and_without_times_that_nobody_knows(self):
        self.write("w.yaml", """
defaults: {request: {cpu: 1.5, memory: 16MiB}}
steps:
  long: {command: "while [ ! -e go ]; do sleep 0.02; done"}
  wide: {command: "true"}
  narrow: {request: {cpu: 0.5, memory: 16MiB}, command: "touch go"}
""")
        self.assertEqual(self.run_workflow("--max-cpu", "2").code, 0)
        told = self.call("explain", "last", "narrow").out
        self.assertIn("backfill: runtime unknown, taken to be done before wide can start", told)
        self.assertIn("(runtime unknown before)", told)
        self.assertNotIn("59m", told)

    def test_a_pipe_cut_off_by_its_reader_is_explained(self):
        self.write("w.yaml", one_step("seq 1000000 | head -n 1"))
        ended = self.run_workflow()
        self.assertEqual(ended.code, 1)
        self.assertIn("hint: a program wrote into a pipe whose reader had ended", ended.out)

    def test_colours_and_progress_bars_of_a_task_do_not_reach_the_terminal(self):
        self.write("w.yaml", one_step(r"printf '10%%\r99%%\n\033[31mred\a\n'; exit 3"))
        ended = self.run_workflow()
        self.assertIn("| 99%\n    | ^[[31mred^G\n", ended.out)
        self.assertNotIn("\033", ended.out)

    def test_logs_say_why_there_are_none(self):
        self.write("w.yaml", "steps: {silent: {scatter: {i: [1, 2]}, command: 'test -n {i}'}}")
        self.run_workflow()
        ended = self.call("logs", "last", "silent[1]")
        self.assertEqual((ended.code, ended.out), (0, ""))
        self.assertIn("silent[1] printed nothing", ended.err)
        self.assertIn("no task printed anything", self.call("logs").err)
        self.assertIn("silent[2] printed nothing", self.call("logs", "last", "silent").err)
        self.run_workflow()
        self.assertRegex(self.call("logs", "silent[1]").err, r"silent\[1\] printed nothing in run \S+: [^_]+$")

    def test_a_step_stands_for_its_tasks_and_a_single_word_may_be_one_of_the_last_run(self):
        self.write("w.yaml", "steps: {a: {scatter: {i: [1, 2]}, command: 'echo {i}'}, ab: {command: 'echo 3'}}")
        self.run_workflow()
        for words in (["last", "a"], ["a"]):
            said = self.call("logs", *words).out.splitlines()
            self.assertEqual(sorted(said), ["1", "2", "==> a[1], attempt 1 <==", "==> a[2], attempt 1 <=="])
            told = [line for line in self.call("explain", *words).out.splitlines() if not line.startswith(" ")]
            self.assertEqual([line.split(":")[0] for line in told], ["a[1]", "a[2]"])
        self.assertEqual(self.call("logs", "a[2]").out, "2\n")
        self.assertIn("did you mean 'ab'?", self.call("explain", "last", "abb").err)
        self.assertRegex(self.call("explain", "nobody").err, "no run 'nobody', and run .* has no task or step 'nobody'; ")
        self.assertNotIn("no task", self.call("explain", "2020").err)

    def test_a_task_cancelled_for_another_says_so(self):
        self.write("w.yaml", "defaults: {request: {cpu: 1}}\nsteps: {bad: {command: 'exit 1', priority: 1}, "
                             "slow: {scatter: {i: {range: [1, 99]}}, command: 'sleep 0.01; test -n {i}'}}")
        reasons = {event["reason"] for event in self.run_json().events if event["event"] == "task_cancelled"}
        self.assertEqual(reasons, {"another task failed; --keep-going would have run it"})

    def test_a_task_that_printed_nothing_has_no_log(self):
        self.write("w.yaml", "steps: {silent: {command: 'true'}, loud: {command: 'echo hello'}}")
        logs = {event["task"]: event.get("log") for event in self.run_json().events if "outcome" in event}
        self.assertFalse(logs["silent"])
        self.assertEqual(self.read(logs["loud"]), "hello\n")
        self.assertEqual(self.call("logs", "last", "loud").out, "hello\n")

    def test_an_input_that_changes_while_its_task_runs_makes_it_run_again(self):
        self.write("in.txt", "old\n")
        self.write("w.yaml", one_step("[ -e changed ] || { touch changed; echo new >> in.txt; }; cat {input} > {output}",
                                      "    inputs: in.txt\n    outputs: out.txt\n"))
        ended = self.run_json()
        self.assertEqual(ended.code, 0, ended.out)
        self.assertEqual([event["event"] for event in ended.events if "outcome" in event],
                         ["task_retried", "task_finished"])
        self.assertEqual(self.read("out.txt"), "old\nnew\n")


class CannotStart(desk.Case):
    def test_a_folder_that_cannot_be_made_fails_its_task_and_starts_no_other(self):
        self.write("out", "a file where a folder is wanted")
        self.write("w.yaml", "steps: {a: {scatter: {i: {range: [1, 4]}}, outputs: 'out/{i}', "
                             "request: {cpu: 0.1, memory: 32MiB}, command: 'touch {output}'}}")
        ended = self.run_json()
        self.assertEqual(ended.code, 1, ended.err)
        self.assertEqual(ended.tasks_with("task_failed"), ["a[1]"])
        self.assertEqual(len(ended.tasks_with("task_cancelled")), 3)
        self.assertEqual(self.read("out"), "a file where a folder is wanted")


class WrongUse(desk.Case):
    def test_unknown_flags_and_missing_files_exit_with_2(self):
        self.assertEqual(self.call("run", "nothing.yaml").code, 2)
        self.assertEqual(self.call("run").code, 2)
        self.assertEqual(self.call("walk").code, 2)
        self.assertEqual(self.call("run", "w.yaml", "--no-such-flag").code, 2)

    def test_all_mistakes_of_a_file_are_told_at_once_with_their_place(self):
        self.write("w.yaml", "steps:\n  a:\n    comand: echo\n    request: {memory: 3 gigs}\n  b: {command: 'cat {inptu}'}\n")
        for command in (("check", "w.yaml"), ("run", "w.yaml")):
            ended = self.call(*command, history=command[0] == "run")
            self.assertEqual(ended.code, 2)
            self.assertIn("w.yaml:3:5", ended.err)
            self.assertIn("command", ended.err)
            self.assertIn("w.yaml:4", ended.err)
            self.assertIn("w.yaml:5", ended.err)
            self.assertEqual(ended.out, "")
        self.assertFalse(self.has("history/h.db"))

    def test_a_request_larger_than_the_machine_exits_with_2(self):
        self.write("w.yaml", "steps: {a: {command: 'true', request: {memory: 900TiB}}}")
        ended = self.run_workflow()
        self.assertEqual(ended.code, 2)
        self.assertIn("900", ended.err)

    def test_an_option_that_makes_no_sense_exits_with_2_and_runs_nothing(self):
        self.write("w.yaml", "steps: {a: {command: touch ran}}")
        for words in (["--max-memory", "3gigs"], ["--max-cpu", "many"], ["--max-cpu", "0"],
                      ["--max-memory", "10"], ["--risk", "-1"], ["--sizing", "guess"],
                      ["--cancel", "later"], ["--set", "depth"], ["--history", ""]):
            ended = self.call("run", "w.yaml", *words, history="--history" not in words)
            self.assertEqual(ended.code, 2, words)
            self.assertIn(words[0], ended.err)
        self.assertFalse(self.has("ran"))

    def test_runs_that_do_not_exist_exit_with_2(self):
        self.write("w.yaml", "steps: {a: {command: 'true'}}")
        self.assertEqual(self.call("show", "last").code, 2)
        self.run_workflow()
        for command in (["show", "1999"], ["explain", "last", "b"], ["logs", "last", "b"], ["stop", "last"]):
            self.assertEqual(self.call(*command).code, 2, command)


desk.main()
