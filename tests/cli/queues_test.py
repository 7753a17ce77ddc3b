# SPDX-License-Identifier: Apache-2.0
"""Queues: the config file, who stands in which, and that shares hold within a run and between runs."""
import json
import os
import re
import subprocess

import jsonschema
import yaml

import desk
import json_schema
from json_schema import ROOT

CONFIG = """
queues:
  prod:
    weight: 3
    queues:
      nightly: {discipline: edf}
      adhoc: {max_running: 1}
  dev: {weight: 1, most: {memory: 64MiB}}
"""


def of_weights(**weights):
    return "queues: {" + ", ".join(f"{name}: {{weight: {weight}}}" for name, weight in weights.items()) + "}\n"


class Config(desk.Case):
    def test_it_is_found_checked_and_shown(self):
        self.write(".config/plimsoll/config.yaml", CONFIG)
        checked = self.call("config", "check", history=False)
        self.assertEqual((checked.code, checked.out), (0, f"{self.path('.config/plimsoll/config.yaml')}: 5 queues, nothing wrong\n"))
        shown = json.loads(self.call("config", "show", "--json", history=False).out)
        json_schema.assert_true_to(self, "config_show", shown)
        shares = {queue["path"]: queue["share"] for queue in shown["queues"]}
        # dev may hold less than its fifth: what it leaves goes 3 : 1 to the others.
        self.assertLess(shares["dev"], 0.2)
        self.assertAlmostEqual(shares["prod"], 3 * shares["default"])
        self.assertAlmostEqual(shares["prod/nightly"], shares["prod"] / 2)
        self.assertAlmostEqual(shares["prod"] + shares["default"] + shares["dev"], 1)

    def test_all_mistakes_are_told_with_their_places_and_nothing_runs(self):
        self.write("c.yaml", "discipline: fifo\nqueues:\n  a: {weight: -1}\n  b: {disciplin: edf}\n")
        self.write("w.yaml", "steps: {a: {command: touch ran}}")
        for ended in (self.call("config", "check", "c.yaml", history=False), self.run_workflow("--config", "c.yaml")):
            self.assertEqual(ended.code, 2)
            for place in ("c.yaml:1:13", "c.yaml:3:15", "c.yaml:4:7"):
                self.assertIn(place, ended.err)
        self.assertFalse(self.has("ran"))
        self.assertEqual(self.run_workflow("--config", "none.yaml").code, 2)

    def test_a_queue_that_is_not_there_is_answered_with_the_nearest(self):
        self.write("c.yaml", CONFIG)
        self.write("w.yaml", "steps: {a: {command: touch ran, queue: prod/nightli}}")
        ended = self.run_workflow("--config", "c.yaml")
        self.assertEqual(ended.code, 2)
        self.assertIn("did you mean 'prod/nightly'?", ended.err)
        self.write("w.yaml", "steps: {a: {command: touch ran}}")
        self.assertIn("name one of", self.run_workflow("--config", "c.yaml", "--queue", "prod").err)
        self.assertEqual(self.run_workflow("--config", "c.yaml", "--queue", "prod/adhoc").code, 0)

    def test_the_schema_knows_the_keys_that_are_read_and_the_page_tells_them(self):
        with open(f"{ROOT}/docs/reference/schemas/config.schema.json") as file:
            schema = json.load(file)
        with open(f"{ROOT}/plimsoll/config/config_keys.h") as file:
            keys = {name: sorted(re.findall(r'"([a-z_]+)"', body))
                    for name, body in re.findall(r"(\w+_keys)\[\] = \{(.*?)\};", file.read(), re.S)}
        self.assertEqual(keys["config_keys"], sorted(schema["properties"]))
        self.assertEqual(keys["queue_keys"], sorted(schema["$defs"]["queue"]["properties"]))
        self.assertEqual(keys["amounts_keys"], sorted(schema["$defs"]["amounts"]["properties"]))
        with open(f"{ROOT}/docs/reference/config.md") as file:
            page = file.read()
        for key in sum(keys.values(), []):
            self.assertIn(f"`{key}`", page)
        validator = jsonschema.Draft7Validator(schema)
        for text in (CONFIG, *re.findall(r"```yaml\n(.*?)```", page, re.S)):
            validator.validate(yaml.safe_load(text))
        self.assertFalse(validator.is_valid({"queues": {"a": {"wieght": 1}}}))


class Shares(desk.Case):
    """Four places on the machine, in tasks of a quarter of it that sleep: shares of places are shares of time. They are
    sized by request, or what is learnt of sleeping would make more places."""

    def setUp(self):
        super().setUp()
        cores = self.json_of("top")["cpu_cores"]["total"]
        self.request = f"request: {{cpu: {cores / 4:.4f}, memory: 16MiB, time: 1s}}"
        self.write("c.yaml", of_weights(a=3, b=1))

    def json_of(self, *words):
        return json.loads(self.call(*words, "--json", history=False).out)

    def workflow(self, queue, count, command="sleep 0.5"):
        names = "[" + ", ".join(map(str, range(count))) + "]"
        return f"{queue}: {{scatter: {{n: {names}}}, command: '{command} # {{n}}', queue: {queue}, {self.request}}}"

    def assert_three_to_one(self, starts, counted, tasks_off=1.5):
        """`starts`: the queue of each start, in order. After the first four places are given, four in each round."""
        of_a = sum(queue == "a" for queue in starts[:counted])
        self.assertAlmostEqual(of_a / counted, 0.75, delta=tasks_off / counted, msg=starts)

    def test_two_queues_of_a_run_start_tasks_by_their_weights(self):
        self.write("w.yaml", f"steps:\n  {self.workflow('b', 12)}\n  {self.workflow('a', 12)}\n")
        ended = self.run_json("--config", "c.yaml", "--sizing", "requests")
        self.assertEqual(ended.code, 0, ended.err)
        starts = [event["step"] for event in ended.events if event["event"] == "task_started"]
        self.assert_three_to_one(starts, 16)
        told = self.call("explain").out
        self.assertRegex(told, r"turn of queue a \(by fair\): it held [0-9.]+ % of the machine, and 75.0 % are due")

    def test_two_runs_share_by_their_queues_weights(self):
        # b's first four hold the machine until a waits, however long a takes to begin; b has enough to be there to the end.
        gated = f"until [ -e {self.path('gate')} ]; do sleep 0.02; done; sleep 0.5"
        for queue, count in (("a", 18), ("b", 24)):
            self.write(f"{queue}/w.yaml", f"steps:\n  {self.workflow(queue, count, gated)}\n")

        def start(queue):
            words = self.words("run", f"{queue}/w.yaml", "--json", "--config", "c.yaml", "--sizing", "requests")
            return subprocess.Popen(words, cwd=self.folder,
                                    env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        first = start("b")
        self.wait_for(lambda: self.json_of("top")["cpu_cores"]["free"] < 0.01, "a machine full of b")
        second = start("a")
        told = []
        while not any(event["event"] == "run_waiting" for event in told):
            told.append(json.loads(second.stdout.readline()))
        self.write("gate", "")
        told += [json.loads(line) for line in second.communicate(timeout=120)[0].splitlines()]
        events = {"b": [json.loads(line) for line in first.communicate(timeout=120)[0].splitlines()], "a": told}
        starts = sorted((event["time"], queue) for queue, events_of in events.items() for event in events_of
                        if event["event"] == "task_started")
        begins = next(at for at, (_, queue) in enumerate(starts) if queue == "a")
        # b's first four end first: the places that become free then go to a, until it holds its share.
        contended = [queue for _, queue in starts[begins:]]
        last_a = len(contended) - 1 - contended[::-1].index("a")
        self.assert_three_to_one(contended, last_a + 1, tasks_off=3)

    def test_a_run_gives_back_what_its_queue_has_borrowed(self):
        """b's tasks hold the machine until a is done: it is only done where they make room for it."""
        self.write("c.yaml", "reclaim: {after: 1s}\n" + of_weights(a=3, b=1))
        gated = f"until [ -e {self.path('gate')} ]; do sleep 0.1; done"
        self.write("b/w.yaml", f"steps:\n  {self.workflow('b', 4, gated)}\n")
        self.write("a/w.yaml", f"steps:\n  {self.workflow('a', 3)}\n")
        settings = ("--config", "c.yaml", "--sizing", "requests")
        with subprocess.Popen(self.words("run", "b/w.yaml", "--json", *settings), cwd=self.folder, env=self.environment,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as b:
            self.wait_for(lambda: self.json_of("top")["cpu_cores"]["free"] < 0.01, "a machine full of b")
            a = self.call("run", "a/w.yaml", "--json", *settings)
            self.write("gate", "")
            told = [json.loads(line) for line in b.communicate(timeout=120)[0].splitlines()]
        self.assertEqual((a.code, b.returncode), (0, 0), a.err)
        stopped = [event["task"] for event in told if event["event"] in ("task_frozen", "task_retried")]
        self.assertIn(len(stopped), (1, 2, 3))
        explained = self.call("explain", told[0]["run"], stopped[0]).out
        self.assertRegex(explained, r"reclaimed by queue a, which had waited [0-9.]+ s below its share")


desk.main()
