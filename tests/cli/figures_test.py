# SPDX-License-Identifier: Apache-2.0
"""The benches and the soak, as small as they go: what they print with --json is true to its schema."""
import gzip
import json
import os
import runpy
import subprocess
import sys

import desk
import json_schema
from json_schema import ROOT

BENCH = os.environ.get("PLIMSOLL_BENCH", "")
TRACE = """task_id,process,name,status,cpus,time,memory,attempt,submit,start,complete,realtime,%cpu,rss,peak_rss,rchar
1,align,align (a),COMPLETED,2,14400000,4294967296,1,1000,2000,12000,10000,119.6,274485248,274485248,145215827
2,align,align (b),COMPLETED,2,14400000,4294967296,1,1000,13000,23000,10000,113.7,305635328,305635328,107009019
3,align,align (c),COMPLETED,2,14400000,4294967296,1,1000,24000,34000,10000,101.1,285635328,285635328,127009019
"""


class Figures(desk.Case):
    def assert_true_to(self, name, document):
        json_schema.assert_true_to(self, name, document)

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

    def test_bench_schedule_live(self):
        """What can be played in seconds; shares and makespans mean something on a quiet machine only."""
        figures = self.figures(sys.executable, f"{ROOT}/benches/schedule-live/run", "--json", "--only", "refusals",
                               "--repeats", "1")
        self.assert_true_to("bench_schedule_live", figures)
        refused, = figures["refusals"]
        self.assertEqual((refused["exit"], refused["started"], refused["earliest_s"]), (2, 0, 8.0))

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

    def test_bench_accuracy(self):
        if not os.path.exists(BENCH):
            self.skipTest("plimsoll-bench is not built; PLIMSOLL_BENCH names it")
        with gzip.open(self.path("trace_small.csv.gz"), "wt") as file:
            file.write(TRACE)
        figures = self.figures(sys.executable, f"{ROOT}/benches/accuracy/run", "--json", "--protocol", "P",
                               "--data", self.folder, "--workflow", "small")
        self.assert_true_to("bench_accuracy", figures)
        ours = figures["protocols"][0]["rows"][0]
        self.assertEqual((ours["method"], ours["tasks"]), ("plimsoll", 3))

    def test_the_accuracy_card_says_what_was_measured(self):
        """Its figures are those of the result that is kept beside the bench."""
        bench = runpy.run_path(f"{ROOT}/benches/accuracy/run")
        with open(f"{ROOT}/benches/accuracy/result.json") as file:
            kept = json.load(file)
        self.assert_true_to("bench_accuracy", kept)
        with open(f"{ROOT}/docs/reference/accuracy.md") as page:
            self.assertEqual(page.read(), bench["card"](kept))

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
        figures = self.figures(sys.executable, f"{ROOT}/benches/segments/run", "--json", "--tasks", "2", "--pairs", "1",
                               "--pace", "0.1")
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

    def test_sizing_of_an_empty_trace(self):
        if not os.path.exists(BENCH):
            self.skipTest("plimsoll-bench is not built; PLIMSOLL_BENCH names it")
        with gzip.open(self.path("trace_none.csv.gz"), "wt"):
            pass
        done = subprocess.run([BENCH, "sizing", "--data", self.folder, "--workflow", "none"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("trace_none.csv.gz: is empty", done.stderr)

    def schedule(self, suite, *words):
        if not os.path.exists(BENCH):
            self.skipTest("plimsoll-bench is not built; PLIMSOLL_BENCH names it")
        figures = self.figures(BENCH, "schedule", "--suite", suite, *words, "--json")
        self.assert_true_to("bench_schedule", figures)
        self.assertEqual(figures["suite"], suite)
        return figures["rows"]

    def test_schedule_rlscheduler(self):
        """Jobs that never meet wait for nobody: slowdown 1 under every rule."""
        jobs = "\n".join(f"{at} {100 * at} -1 60 4 -1 -1 -1 -1 -1 1 -1 -1 -1 0 -1 -1 -1" for at in range(1, 9900))
        self.write("quiet.swf", f"; MaxProcs: 8\n{jobs}\n")
        rows = self.schedule("rlscheduler", "--trace", self.path("quiet.swf"))
        self.assertEqual({(row["trace"], row["bounded_slowdown"]) for row in rows}, {("quiet", 1)})
        self.assertEqual(len({(row["mode"], row["backfill"], row["policy"]) for row in rows}), len(rows))

    def test_simulate(self):
        if not os.path.exists(BENCH):
            self.skipTest("plimsoll-bench is not built; PLIMSOLL_BENCH names it")
        figures = self.figures(BENCH, "simulate", "--tasks", "300", "--nodes", "3", "--json")
        self.assert_true_to("bench_simulate", figures)
        self.assertEqual([(row["mode"], row["nodes"]) for row in figures["rows"]], [("fifo", 3), ("loop", 3)])
        self.assertEqual(figures["rows"][0]["events"], 600)

    def test_models(self):
        if not os.path.exists(BENCH):
            self.skipTest("plimsoll-bench is not built; PLIMSOLL_BENCH names it")
        figures = self.figures(BENCH, "models", "--attempts", "2000", "--kinds", "60", "--json")
        self.assert_true_to("bench_models", figures)
        self.assertGreater(figures["start"]["kept_mb"], 0)

    def test_bench_fidelity(self):
        figures = self.figures(sys.executable, f"{ROOT}/benches/fidelity/run", "--json", "--example", "scatter",
                               "--repeats", "1")
        self.assert_true_to("bench_fidelity", figures)
        self.assertEqual([(row["tasks"], row["sizes"]) for row in figures["rows"]], [(4, "requests")])

    def test_schedule_workflows(self):
        """Two tasks side by side behind a first, on two cores."""
        columns = "file,task_type,task_id,runtime_s,cores,memory_bytes,in_bytes,parents"
        tasks = [f"a/b/c.json,sort,s{at},10,1,1000000,,{'' if at == 0 else '0'}" for at in range(3)]
        self.write("dags.csv", "\n".join([columns, *tasks]) + "\n")
        rows = self.schedule("workflows", "--dags", self.path("dags.csv"))
        self.assertEqual({row["dag"] for row in rows}, {"a/b/c"})
        measured = {row["makespan_s"] for row in rows if row["machine"] == "whole" and row["sizes"] == "measured"}
        self.assertEqual(measured, {20})
        self.assertEqual(len({(row["machine"], row["policy"], row["sizes"]) for row in rows}), len(rows))

    def test_schedule_openb(self):
        """Two GPUs, and pods for three of them: the third finds no room."""
        self.write("openb_node_list_gpu_node.csv", "sn,cpu_milli,memory_mib,gpu,model\na,64000,262144,2,T4\n")
        header = "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,creation_time,deletion_time"
        self.write("openb_pod_list_small.csv", "\n".join([header, *(f"p{at},1000,1024,1,1000,,0,1" for at in range(3))]) + "\n")
        rows = self.schedule("openb", "--openb", self.folder)
        self.assertIn("plimsoll", {row["policy"] for row in rows})
        self.assertEqual({row["gpu_allocated"] for row in rows if row["load"] == 1.3}, {1})


desk.main()
