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


desk.main()
