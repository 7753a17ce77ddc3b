# SPDX-License-Identifier: Apache-2.0
"""What programs read: each --json output is true to its schema, and nothing else is on standard output."""
import os

import jsonschema

import desk
import json_schema
from json_schema import SCHEMAS, schema

MIXED = """
defaults: {request: {cpu: 0.1, memory: 32MiB}}
steps:
  good: {outputs: good.txt, command: "sleep 0.3; echo hello | tee {output}"}
  flaky: {retry: 1, command: "[ -e seen ] || { touch seen; exit 5; }"}
  missing: {outputs: never.txt, command: "true"}
  after: {needs: missing, command: "true"}
"""


class Json(desk.Case):
    """Claims about JSON."""

    def assert_true_to(self, name, document, definition=None):
        json_schema.assert_true_to(self, name, document, definition)


class Commands(Json):
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
        self.assertEqual(told - {"run_waiting", "notice"}, {"run_started", "task_started", "task_retried", "task_finished", "task_failed",
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
        self.assertIsNone(predicted["steps"][0]["memory_promised_bytes"], "no promise without history")
        self.run_workflow("--keep-going")
        shown = self.json("show", "last")
        self.assert_true_to("show", shown)
        steps = {step["step"]: step for step in shown["steps"]}
        self.assertEqual(list(steps), ["good", "flaky", "missing", "after"])
        self.assertEqual(steps["flaky"]["errors"], {"exit": 1})
        self.assertEqual(steps["flaky"]["attempts"]["retried"], 1)
        self.assertEqual(steps["missing"]["tasks"]["failed"], 1)
        told = self.call("show", "last", "--steps").out
        for step in steps:
            self.assertIn(f"\n{step}: ", told)
        self.assert_true_to("explain", self.json("explain", "last"))
        one = self.json("explain", "last", "good")
        self.assert_true_to("explain", one)
        self.assertEqual({decision["task"] for decision in one["decisions"]}, {"good"})
        predicted = self.json("predict", "w.yaml")
        self.assert_true_to("predict", predicted)
        self.assertEqual({step["task"]: step["samples"] for step in predicted["steps"]}["good"], 1)

    def test_a_new_workflow_is_sized_by_what_its_tools_needed_in_others(self):
        for name, size in {"a": 9000, "b": 10000, "c": 11000, "far": 1000000}.items():
            self.write(f"{name}.txt", "x" * size)
        # Long enough to be sampled, whatever else the machine does: all instances measure alike.
        hold = f"{os.environ['PLIMSOLL_LOAD']} --by touch --memory '0s:20MiB 0.4s:20MiB' --output {{output}}"
        self.write("w.yaml", f"""
name: known
steps:
  hold: {{scatter: {{name: [a, b, c]}}, inputs: "{{name}}.txt", outputs: "{{name}}.out", command: "{hold}"}}
""")
        self.assertEqual(self.run_workflow().code, 0)
        self.write("new.yaml", f"""
name: new
defaults: {{request: {{memory: 64MiB}}}}
steps:
  alike: {{inputs: b.txt, outputs: 1.out, command: "{hold}"}}
  unlike: {{inputs: far.txt, outputs: 2.out, command: "{hold}"}}
""")
        steps = {step["step"]: step for step in self.json("predict", "new.yaml")["steps"]}
        self.assertEqual((steps["alike"]["source"], steps["alike"]["samples"]), ("tool", 3))
        self.assertLess(steps["alike"]["memory_bytes"]["bound"], 64 << 20)
        self.assertEqual((steps["unlike"]["source"], steps["unlike"]["memory_bytes"]["bound"]), ("request", 64 << 20))

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
        self.assert_true_to("history", self.json("history"), "overview")
        self.assert_true_to("history", self.json("history", "keep"), "keep")
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


desk.main()
