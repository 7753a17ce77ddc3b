# SPDX-License-Identifier: Apache-2.0
"""What programs read: each --json output is true to its schema, and nothing else is on standard output."""
import gzip
import json
import os
import subprocess
import sys

import jsonschema

import desk
import json_schema
from json_schema import ROOT, SCHEMAS, schema

BENCH = os.environ.get("PLIMSOLL_BENCH", "")
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

TRACE = """task_id,process,name,status,cpus,time,memory,attempt,submit,start,complete,realtime,%cpu,rss,peak_rss,rchar
1,align,align (a),COMPLETED,2,14400000,4294967296,1,1000,2000,12000,10000,119.6,274485248,274485248,145215827
2,align,align (b),COMPLETED,2,14400000,4294967296,1,1000,13000,23000,10000,113.7,305635328,305635328,107009019
3,align,align (c),COMPLETED,2,14400000,4294967296,1,1000,24000,34000,10000,101.1,285635328,285635328,127009019
"""

class Figures(Json):
    """The benches and the soak, as small as they go."""

    def figures(self, *words):
        """The one object that the program prints."""
        environment = dict(self.environment, PLIMSOLL=desk.PROGRAM)
        done = subprocess.run(words, cwd=self.folder, env=environment, text=True, capture_output=True, timeout=100)
        self.assertTrue(done.stdout, done.stderr)
        return json.loads(done.stdout)

    def test_bench_observe(self):
        figures = self.figures(sys.executable, f"{ROOT}/benches/observe/run", "--json", "--tasks", "2", "--seconds", "1",
                               "--settle", "0")
        self.assert_true_to("bench_observe", figures)
        self.assertEqual([row["variant"] for row in figures["rows"]], ["cgroup", "plain"])

    def test_bench_live(self):
        figures = self.figures(sys.executable, f"{ROOT}/benches/live/run", "--json", "--tasks", "3", "--seconds", "1",
                               "--settle", "0", "--repeats", "1")
        self.assert_true_to("bench_live", figures)
        self.assertEqual([row["variant"] for row in figures["rows"]], ["silent", "lines", "view", "watch"])
        self.assertGreater(figures["rows"][2]["terminal_bytes_per_s"], 0)

    def test_bench_run(self):
        figures = self.figures(sys.executable, f"{ROOT}/benches/run/run", "--json", "--tasks", "10", "--repeats", "1",
                               "--tool", "plimsoll")
        self.assert_true_to("bench_run", figures)
        self.assertEqual([row["variant"] for row in figures["rows"]], ["plain", "cgroup"])

    def test_bench_report(self):
        figures = self.figures(sys.executable, f"{ROOT}/benches/report/run", "--json", "--tasks", "40", "--steps", "2",
                               "--repeats", "1")
        self.assert_true_to("bench_report", figures)
        self.assertLess(figures["rows"][0]["page_bytes"], 300_000)

    def test_bench_examples_as_they_are_kept(self):
        """Measuring them takes minutes."""
        with open(f"{ROOT}/benches/examples/result.json") as file:
            self.assert_true_to("bench_examples", json.load(file))

    def test_soak_kill(self):
        figures = self.figures(sys.executable, f"{ROOT}/tests/soak/kill", "--json", "--kills", "1", "--tasks", "8")
        self.assert_true_to("soak_kill", figures)
        self.assertEqual((figures["kills"], figures["lost"], figures["repeated"]), (1, 0, 0))

    def test_soak_kill_of_tasks_that_grow(self):
        figures = self.figures(sys.executable, f"{ROOT}/tests/soak/kill", "--json", "--kills", "1", "--tasks", "8", "--grow")
        self.assert_true_to("soak_kill", figures)
        self.assertEqual((figures["lost"], figures["orphan_processes"], figures["orphan_cgroups"]), (0, 0, 0))
        self.assertGreater(figures["grown"], 0)

    def test_soak_grow(self):
        figures = self.figures(sys.executable, f"{ROOT}/tests/soak/grow", "--json", "--by", "touch", "--machine", "room",
                               "--tasks", "4", "--seed", "1")
        self.assert_true_to("soak_grow", figures)
        self.assertEqual([(row["tasks"], row["failed"]) for row in figures["rows"]], [(4, 0)])

    def test_bench_segments(self):
        figures = self.figures(sys.executable, f"{ROOT}/benches/segments/run", "--json", "--tasks", "2", "--pairs", "1")
        self.assert_true_to("bench_segments", figures)
        self.assertEqual([(row["shape"], row["tasks"]) for row in figures["rows"]], [("full", 2), ("flat", 2)])

    def test_sizing(self):
        if not os.path.exists(BENCH):
            self.skipTest("plimsoll-bench is not built; PLIMSOLL_BENCH names it")
        with gzip.open(self.path("trace_small.csv.gz"), "wt") as file:
            file.write(TRACE)
        figures = self.figures(BENCH, "sizing", "--data", self.folder, "--workflow", "small", "--json")
        self.assert_true_to("bench_sizing", figures)
        self.assertEqual([row["tasks"] for row in figures["rows"] if row["method"] == "plimsoll"], [3])

desk.main()
