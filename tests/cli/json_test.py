# SPDX-License-Identifier: Apache-2.0
"""What programs read: each --json output is true to its schema, and nothing else is on standard output."""
import json
import os

import jsonschema

import desk

SCHEMAS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "reference", "schemas")
MIXED = """
defaults: {request: {cpu: 0.1, memory: 32MiB}}
steps:
  good: {outputs: good.txt, command: "echo hello | tee {output}"}
  flaky: {retry: 1, command: "[ -e seen ] || { touch seen; exit 5; }"}
  missing: {outputs: never.txt, command: "true"}
  after: {needs: missing, command: "true"}
"""


def schema(name):
    with open(os.path.join(SCHEMAS, f"{name}.schema.json")) as file:
        return json.load(file)


class Json(desk.Case):
    def assert_true_to(self, name, document, definition=None):
        rules = schema(name)
        if definition:
            rules = {**rules, "oneOf": [{"$ref": f"#/$defs/{definition}"}]}
        errors = [f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
                  for error in jsonschema.Draft202012Validator(rules).iter_errors(document)]
        self.assertEqual(errors, [])

    def test_all_schemas_are_schemas(self):
        for file in os.listdir(SCHEMAS):
            rules = schema(file.removesuffix(".schema.json"))
            jsonschema.validators.validator_for(rules).check_schema(rules)

    def test_events_one_a_line_each_true_to_the_schema(self):
        self.write("w.yaml", MIXED)
        failed = self.run_json("--keep-going")
        skipped = self.run_json("--keep-going")
        self.assertEqual((failed.code, skipped.code), (1, 1))
        told = set()
        for event in failed.events + skipped.events:
            self.assert_true_to("event", event)
            told.add(event["event"])
        self.assertEqual(told - {"run_waiting"}, {"run_started", "task_started", "task_retried", "task_finished", "task_failed",
                                "task_cancelled", "task_up_to_date", "run_finished"})
        run = skipped.events[0]["run"]
        self.assertEqual(self.read(f"history/runs/{run}/events.jsonl"), skipped.out)
        self.assertEqual(self.call("attach", run, "--json").out, skipped.out)

    def test_show_predict_and_explain(self):
        self.write("w.yaml", MIXED)
        predicted = self.json("predict", "w.yaml")
        self.assert_true_to("predict", predicted)
        self.assertEqual({step["source"] for step in predicted["steps"]}, {"request"})
        self.assertIsNone(predicted["steps"][0]["memory_bytes"]["measured"], "no confidence without history")
        self.run_workflow("--keep-going")
        self.assert_true_to("show", self.json("show", "last"))
        self.assert_true_to("explain", self.json("explain", "last"))
        one = self.json("explain", "last", "good")
        self.assert_true_to("explain", one)
        self.assertEqual({decision["task"] for decision in one["decisions"]}, {"good"})
        predicted = self.json("predict", "w.yaml")
        self.assert_true_to("predict", predicted)
        self.assertEqual({step["task"]: step["samples"] for step in predicted["steps"]}["good"], 1)

    def test_a_run_under_way_and_one_that_died(self):
        self.write("w.yaml", "steps: {a: {command: 'touch started; sleep 300'}}")
        with self.running() as run:
            self.wait_for_file("started")
            shown = self.json("show", "last")
            self.assert_true_to("show", shown)
            self.assertEqual(shown["state"], "running")
            run.kill()
            run.wait()
        shown = self.json("show", "last")
        self.assert_true_to("show", shown)
        self.assertEqual(shown["state"], "interrupted")
        self.assert_true_to("history", self.json("history", "list"), "list")
        self.write("w.yaml", "steps: {a: {command: 'true'}}")
        self.run_workflow()

    def test_history(self):
        self.write("w.yaml", MIXED)
        self.run_workflow("--keep-going")
        self.run_workflow("--force", "--keep-going")
        self.assert_true_to("history", self.json("history", "list"), "list")
        self.assert_true_to("history", self.json("history", "show", "last"), "show")
        self.assert_true_to("history", self.json("history", "check"), "check")
        forgotten = self.json("history", "forget", self.last_run())
        self.assert_true_to("history", forgotten, "forget")
        self.assertEqual(len(forgotten["runs"]), 1)
        self.assertFalse(self.has(f"history/runs/{forgotten['runs'][0]}"))
        self.assert_true_to("history", self.json("history", "vacuum"), "vacuum")

    def test_names_that_are_no_text_still_give_json(self):
        os.makedirs(self.path("in"))
        with open(os.path.join(self.folder.encode(), b"in/\xff.txt"), "w") as file:
            file.write("x")
        self.write("w.yaml", "steps: {a: {scatter: {f: {files: 'in/*'}}, inputs: '{f}', command: 'cat {input}'}}")
        ended = self.run_json()
        self.assertEqual(ended.code, 0, ended.err)
        for event in ended.events:
            self.assert_true_to("event", event)


class Figures(desk.Case):
    """The stable keys of the benches and of the soak, as their schemas state them; the programs themselves take
    minutes and are checked where they are run: PLIMSOLL_FIGURES=FOLDER holds NAME.json files to look at."""

    def test_figures_at_hand_are_true_to_their_schemas(self):
        folder = os.environ.get("PLIMSOLL_FIGURES", "")
        names = [name for name in ("bench_run", "soak_kill", "bench_sizing") if os.path.exists(f"{folder}/{name}.json")]
        if not names:
            self.skipTest("PLIMSOLL_FIGURES names no folder with figures of the benches")
        for name in names:
            with open(f"{folder}/{name}.json") as file:
                Json.assert_true_to(self, name, json.load(file))


desk.main()
