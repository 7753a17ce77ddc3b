# SPDX-License-Identifier: Apache-2.0
"""Scenarios as people play them: what is printed, what programs read, and what is said of one that is wrong."""
import json

import desk
import json_schema

LOST = """
description = "a node goes"
forecaster = "request"
cluster = {nodes = 2, cpu = 1, memory = "8GiB"}
workflow.drawing = "a*2; b <- a"
fault = [{node = 1, state = "lost", from = "5s", until = "6s"}]
expect = {state = "finished", lost = %d}
[step]
a = {runtime = "10s", spread = 0.1, request = {cpu = 1, memory = "2GiB"}}
b = {runtime = "10s", request = {cpu = 1, memory = "2GiB"}}
"""


class Scenarios(desk.Case):
    def simulate(self, text, *words):
        self.write("s.toml", text)
        return self.call("simulate", "s.toml", *words, history=False)

    def refused(self, text):
        ended = self.simulate(text)
        self.assertEqual((ended.code, ended.out), (2, ""), ended.err)
        return ended.err

    def test_what_comes_as_expected_is_drawn_and_gives_0(self):
        ended = self.simulate(LOST % 1)
        self.assertEqual(ended.code, 0, ended.err)
        self.assertIn("a[1] |xxx", ended.out)
        self.assertIn("lost: nobody saw its end: node1 went", ended.out)
        self.assertTrue(ended.out.endswith("all 2 expectations hold\n"), ended.out)

    def test_what_does_not_is_named_and_gives_1(self):
        ended = self.simulate(LOST % 0)
        self.assertEqual(ended.code, 1)
        self.assertIn("not as expected:\n  run 1: lost is 1, expected 0\n", ended.out)

    def test_json_is_true_to_its_schema_and_the_seed_decides(self):
        courses = []
        for seed in ("1", "1", "2"):
            ended = self.simulate(LOST % 1, "--json", "--seed", seed)
            self.assertEqual(ended.code, 0, ended.err)
            courses.append(json.loads(ended.out))
            json_schema.assert_true_to(self, "simulate", courses[-1])
        self.assertEqual(courses[0], courses[1])
        self.assertNotEqual(courses[0]["runs"], courses[2]["runs"])
        self.assertEqual(courses[0]["runs"][0]["attempts"]["lost"], 1)
        self.assertEqual({one["node"] for one in courses[0]["runs"][0]["schedule"]}, {0, 1})
        ended = self.simulate(LOST % 0, "--json")
        self.assertEqual(ended.code, 1)
        self.assertEqual(json.loads(ended.out)["unmet"], ["run 1: lost is 1, expected 0"])

    def test_what_is_wrong_in_a_file_is_named_with_its_place_and_the_remedy(self):
        self.assertIn("s.toml:2:11: unknown key 'clutser'; did you mean 'cluster'?",
                      self.refused('workflow.drawing = "a"\nclutser = {nodes = 1}\n'))
        self.assertIn("the cluster is missing", self.refused('workflow.drawing = "a"\n'))
        self.assertIn("the workflow is missing", self.refused('cluster = {cpu = 1, memory = "1GiB"}\n'))
        base = 'cluster = {cpu = 1, memory = "1GiB"}\nworkflow.drawing = "a"\n'
        self.assertIn("with its only node the runner goes too",
                      self.refused(base + 'fault = [{node = 0, state = "lost", from = "1s", until = "2s"}]'))
        self.assertIn("say how long it lasts", self.refused(base + 'fault = [{disk = "full", from = "1s"}]'))
        self.assertIn("disk cannot be 'wet'", self.refused(base + 'fault = [{disk = "wet", from = "1s"}]'))
        self.assertIn("no step 'b'", self.refused(base + 'fault = [{step = "b", exit_code = 1}]'))
        self.assertIn("is not a count", self.refused(base + "runs = -1\n"))
        self.assertEqual(self.call("simulate", "none.toml", history=False).code, 2)


WORKFLOW = """
name: waves
defaults: {request: {cpu: 1, memory: 64MiB}}
steps:
  make: {scatter: {n: [1, 2, 3, 4]}, outputs: "{n}.txt", command: "sleep 0.3; echo {n} > {output}"}
  join: {inputs: "{steps.make.outputs}", outputs: all.txt, command: "cat {input} > {output}"}
"""


class Recorded(desk.Case):
    """Runs played again otherwise."""

    def setUp(self):
        super().setUp()
        self.write("w.yaml", WORKFLOW)
        self.ran = self.run_workflow()
        self.assertEqual(self.ran.code, 0, self.ran.err)

    def simulate(self, *words):
        return self.call("simulate", *words, "--database", self.history, history=False)

    def what_if(self, *words):
        ended = self.simulate(*words, "--json")
        self.assertEqual(ended.code, 0, ended.err)
        told = json.loads(ended.out)
        json_schema.assert_true_to(self, "what_if", told)
        return told

    def test_each_alternative_is_told_and_dependencies_hold(self):
        told = self.what_if("--history", "last", "--draws", "1", "--requests", "--capacity", "cpu=1 memory=1GiB",
                            "--capacity", "cpu=8 memory=1GiB")
        self.assertEqual((told["tasks"], told["runs_without_needs"]), (5, 0))
        rows = {(row["cpu_cores"], row["sizes"]): row for row in told["alternatives"]}
        self.assertEqual(len(rows), 4)
        one, eight = (rows[(cores, "requests")]["median"]["makespan_s"] for cores in (1, 8))
        self.assertGreater(one, 1.1, "four sleeps one after another")
        self.assertGreater(one - eight, 0.6, "all at once, and then the join")
        starts = rows[(8, "requests")]["starts_s"]
        self.assertGreater(starts["join"], 0.25)
        self.assertEqual(max(starts.values()), starts["join"])

    def test_draws_give_an_interval_and_the_seed_decides(self):
        words = ("--history", "last", "--draws", "8", "--capacity", "cpu=2 memory=1GiB")
        first = self.what_if(*words)
        self.assertEqual(first, self.what_if(*words))
        row = first["alternatives"][0]
        self.assertLessEqual(row["low"]["makespan_s"], row["high"]["makespan_s"])
        self.assertIsNone(row["starts_s"])

    def test_all_runs_are_summed(self):
        self.run_workflow("--force")
        told = self.what_if("--history", "all", "--draws", "2")
        self.assertEqual((told["runs"], told["tasks"]), (2, 10))

    def test_the_table_and_the_page(self):
        ended = self.simulate("--history", "last", "--requests", "--policy", "fifo", "--html", "page.html")
        self.assertEqual(ended.code, 0, ended.err)
        self.assertIn("as it went", ended.out)
        self.assertIn("fifo, by requests", ended.out)
        page = self.read("page.html")
        self.assertIn("<h2>Memory wasted</h2>", page)
        self.assertIn("fifo, risk 1", page)
        self.assertNotIn("<script", page)

    def test_the_end_of_a_run_says_what_its_requests_would_have_taken(self):
        self.assertRegex(self.ran.err + self.ran.out, r"by its own requests, simulated: .* instead of .* GB x s wasted")

    def test_traces_of_others(self):
        jobs = "\n".join(f"{at} {at} -1 60 4 -1 -1 4 60 -1 1 {at % 3} -1 -1 0 -1 -1 -1" for at in range(1, 40))
        self.write("small.swf", f"; MaxProcs: 8\n{jobs}\n")
        told = self.what_if("--trace", "small.swf", "--draws", "1", "--requests", "--policy", "fifo")
        self.assertEqual((told["tasks"], told["recorded"]), (39, None))
        # Two of them at a time, a minute each.
        self.assertAlmostEqual(told["alternatives"][1]["median"]["makespan_s"], 20 * 60, delta=5)

    def test_what_cannot_be_is_said(self):
        for words, said in ((("--history", "last", "--capacity", "cpu=2"), "lacks cpu or memory"),
                            (("--history", "last", "--policy", "best"), "is none of"),
                            (("--history", "nosuch"), "nosuch"), (("--trace", "x.txt"), "--trace-format"),
                            ((), "name one of"), (("s.toml", "--history", "last"), "name one of"),
                            (("s.toml", "--requests"), "a scenario says all of it itself")):
            ended = self.simulate(*words)
            self.assertEqual((ended.code, ended.out), (2, ""), words)
            self.assertIn(said, ended.err)


desk.main()
