# SPDX-License-Identifier: Apache-2.0
"""Steps that are split: by what, how joined, that an interrupted run goes on, and that all of it is told."""
import os
import signal
import subprocess

import desk

SUM = "awk '{{s += $1}} END {{print s}}' {input} > {output}"


class Split(desk.Case):
    def numbers(self, count=1000, name="numbers.txt"):
        self.write(name, "".join(f"{number}\n" for number in range(1, count + 1)))

    def parts_of(self, ended):
        """The names of the parts that ran."""
        return [task for task in ended.tasks_with("task_finished") if ":" in task]

    def run_split(self, split, command="sed s/^/x/ {input} > {output}", more=""):
        self.write("w.yaml", f"""
steps:
  mark:
    inputs: numbers.txt
    outputs: marked.txt
    command: {command}
    split: {split}
    request: {{cpu: 0.1, memory: 16MiB}}
{more}""")
        ended = self.run_json()
        self.assertEqual(ended.code, 0, ended.err + ended.out)
        return ended

    def marked(self):
        return self.read("marked.txt").splitlines()

    def test_parts_are_joined_in_order_and_the_next_run_has_nothing_to_do(self):
        self.numbers()
        ended = self.run_split("{by: lines, parts: 6}")
        self.assertEqual(len(self.parts_of(ended)), 6)
        self.assertEqual(self.marked(), [f"x{number}" for number in range(1, 1001)])
        self.assertEqual(os.listdir(self.path(".plimsoll/split")), [], "what the parts left")
        again = self.run_json()
        self.assertEqual(again.tasks_with("task_up_to_date"), ["mark"])
        self.assertEqual(again.tasks_with("task_started"), [])

    def test_another_number_of_parts_is_the_same_task_and_another_way_is_not(self):
        self.numbers()
        self.run_split("{by: lines, parts: 6}")
        self.assertEqual(self.run_split("{by: lines, parts: 3}").tasks_with("task_up_to_date"), ["mark"])
        self.assertEqual(len(self.parts_of(self.run_split("{record: '1', parts: 2}"))), 2)

    def test_a_header_goes_to_every_part_and_comes_once(self):
        self.write("numbers.txt", "name,count\n" + "".join(f"n{at},{at}\n" for at in range(100)))
        ended = self.run_split("{by: lines, header: 1, output_header: 1, parts: 4}", "cat {input} > {output}")
        self.assertEqual(len(self.parts_of(ended)), 4)
        self.assertEqual(self.read("marked.txt"), self.read("numbers.txt"))

    def test_records_stay_whole(self):
        self.write("numbers.txt", "".join(f">s{at}\n{'ACGT' * 20}\n{'A' * at}\n" for at in range(50)))
        ended = self.run_split("{by: fasta, parts: 5}", "'head -1 {input} | cut -c1 > {output}'")
        self.assertEqual(len(self.parts_of(ended)), 5)
        self.assertEqual(self.marked(), [">"] * 5)

    def test_a_join_of_ones_own_reads_what_the_parts_made(self):
        self.numbers()
        ended = self.run_split("{by: lines, parts: 4, join: \"cat {input} | " + SUM.replace(" {input}", "").replace(
            '"', "") + "\"}", f'"{SUM}"')
        self.assertEqual(len(self.parts_of(ended)), 4)
        self.assertEqual(self.marked(), ["500500"])

    def test_files_are_dealt_out_and_ranges_are_told(self):
        for at in range(6):
            self.write(f"in/{at}.txt", f"{at}\n" * 10)
        self.write("w.yaml", """
inputs: {all: in/*.txt}
steps:
  join:
    inputs: "{all}"
    outputs: joined.txt
    command: cat {input} > {output}
    split: {by: files, parts: 3}
  count:
    outputs: counted.txt
    command: seq {first} {last} > {output}
    split: {range: [5, 24], parts: 4}
""")
        ended = self.run_json()
        self.assertEqual(ended.code, 0, ended.err)
        self.assertEqual(self.parts_of(ended), ["count:1", "count:2", "count:3", "count:4", "join:1", "join:2", "join:3"])
        self.assertEqual(self.read("joined.txt"), "".join(f"{at}\n" * 10 for at in range(6)))
        self.assertEqual(self.read("counted.txt").split(), [str(number) for number in range(5, 25)])

    def test_an_input_that_another_step_makes_is_split_when_it_is_there(self):
        self.write("w.yaml", """
steps:
  make: {outputs: n.txt, command: "seq 100 > {output}"}
  mark: {inputs: n.txt, outputs: m.txt, command: "sed s/^/x/ {input} > {output}", split: {by: lines, parts: 3}}
  last: {inputs: m.txt, outputs: l.txt, command: "tail -1 {input} > {output}"}
""")
        ended = self.run_json()
        self.assertEqual(len(self.parts_of(ended)), 3)
        self.assertEqual(self.read("l.txt"), "x100\n")

    def test_without_history_parts_of_two_sizes_find_out_what_a_start_costs_and_the_next_run_uses_it(self):
        self.numbers(20000)
        first = self.run_split("lines")  # a tenth of a core each, so that some run side by side on any machine
        self.assertGreater(len(self.parts_of(first)), 2)
        self.assertIn("what of its time is start-up nobody knows yet", self.call("explain", "last", "mark").out)
        self.numbers(20001)
        self.run_split("lines")
        self.assertRegex(self.call("explain", "last", "mark").out, r"start-up [0-9.e-]+ s each|[0-9.e-]+ s are start-up")
        self.assertEqual(len(self.marked()), 20001)

    def test_a_run_that_is_killed_goes_on_with_the_parts_that_it_had(self):
        self.numbers()
        gate = self.path("gate")
        self.write("w.yaml", f"""
steps:
  mark:
    inputs: numbers.txt
    outputs: marked.txt
    command: "sed s/^/x/ {{input}} > {{output}}; grep -qx 1 {{input}} || while [ ! -e {gate} ]; do sleep 0.02; done"
    split: {{by: lines, parts: 4}}
    request: {{cpu: 0.1, memory: 16MiB}}
""")
        words = self.words("run", "w.yaml", "--json")
        process = subprocess.Popen(words, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, text=True)
        line = ""
        while '"task_finished"' not in line:
            line = process.stdout.readline()
            self.assertTrue(line, "the run ended before it was killed")
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        self.write("gate", "")
        ended = self.run_json()
        self.assertEqual(ended.code, 0, ended.err)
        self.assertIn("mark:1", ended.tasks_with("task_up_to_date"))
        self.assertEqual(self.parts_of(ended), ["mark:2", "mark:3", "mark:4"])
        self.assertEqual(self.marked(), [f"x{number}" for number in range(1, 1001)])

    def test_a_part_that_fails_fails_the_run_and_the_others_are_kept(self):
        self.numbers()
        self.write("w.yaml", """
steps:
  mark:
    inputs: numbers.txt
    outputs: marked.txt
    command: "grep -q 999 {input} && exit 3; cat {input} > {output}"
    split: {by: lines, parts: 4}
""")
        ended = self.run_json("--keep-going")
        self.assertEqual(ended.code, 1)
        self.assertEqual(ended.tasks_with("task_failed"), ["mark:4"])
        self.assertIn("mark", ended.tasks_with("task_cancelled"))
        self.assertFalse(self.has("marked.txt"))

    def test_what_cannot_be_split_is_refused_with_the_reason(self):
        self.numbers()
        self.write("x.gz", "")
        head = "steps: {a: {inputs: numbers.txt, outputs: o, command: cat {input}, split: "
        for split, told in (("{by: line}", "did you mean 'lines'?"), ("{parts: 3}", "does not say by what"),
                            ("{by: lines, range: [1, 2]}", "by more than one thing"),
                            ("{range: [5, 1]}", "is empty"), ("{by: lines, input: x}", "no input 'x'"),
                            ("{by: lines, parts: 0}", "parts"), ("{by: files, header: 1}", "lines of a file")):
            self.write("w.yaml", head.replace("cat {input}", "'cat {input}'") + split + "}}")
            ended = self.call("check", "w.yaml", history=False)
            self.assertEqual(ended.code, 2, split)
            self.assertIn(told, ended.err)
            self.assertRegex(ended.err, r"w.yaml:1:\d+: ")
        self.write("w.yaml", "steps: {a: {inputs: x.gz, outputs: o, command: x, split: lines}}")
        self.assertIn("unpack it in a step before", self.call("check", "w.yaml", history=False).err)
        self.write("w.yaml", "steps: {a: {inputs: numbers.txt, command: x, split: lines}}")
        self.assertIn("has no outputs", self.call("check", "w.yaml", history=False).err)


desk.main()
