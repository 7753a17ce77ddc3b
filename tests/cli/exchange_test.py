# SPDX-License-Identifier: Apache-2.0
"""import and advise: what others measured comes in whole or not at all, counts once, and is learnt from."""
import gzip
import json
import os
import shutil
import subprocess
import sys

import desk
import json_schema

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HEADER = "JobID|JobName|User|State|ExitCode|Start|Elapsed|Timelimit|ReqMem|ReqCPUS|NNodes|MaxRSS|NTasks|TotalCPU\n"


def job(number, name="align", state="COMPLETED", peak="1024M", asked="16G", elapsed="01:00:00"):
    start = f"2026-01-{1 + number // 24:02}T{number % 24:02}:00:00"
    return (f"{number}|{name}|ana|{state}|0:0|{start}|{elapsed}|1-00:00:00|{asked}|8|1|||02:00:00\n"
            f"{number}.batch|batch||{state}|0:0|{start}|{elapsed}||||1|{peak}|1|02:00:00\n")

TRACE_HEAD = ("task_id,process,name,status,cpus,time,memory,attempt,submit,start,complete,realtime,%cpu,rss,peak_rss,"
              "rchar\n")


class Json(desk.Case):
    def assert_true_to(self, name, document):
        json_schema.assert_true_to(self, name, document)


class Sacct(Json):
    def dump(self, *jobs, name="jobs.txt"):
        self.write(name, HEADER + "".join(jobs))

    def test_a_dump_becomes_advice(self):
        self.dump(*(job(at) for at in range(30)), job(30, state="RUNNING"), job(31, state="OUT_OF_MEMORY"))
        imported = self.json("import", "sacct", "jobs.txt")
        self.assert_true_to("import", imported)
        self.assertEqual((imported["rows"], imported["taken"], imported["kinds"]), (64, 31, 1))
        self.assertEqual(imported["skipped"], [{"reason": "had not ended", "count": 1, "first": "jobs.txt:62"}])
        advised = self.json("advise")
        self.assert_true_to("advise", advised)
        [kind] = advised["kinds"]
        self.assertEqual((kind["step"], kind["finished"], kind["out_of_memory"]), ("align", 30, 1))
        self.assertEqual(kind["memory"]["requested_bytes"], 16 << 30)
        self.assertEqual(kind["memory"]["largest_bytes"], 1 << 30)
        self.assertEqual(kind["cpu"]["advised_cores"], 2)
        for text in (self.call("advise").out, self.call("advise", "--for", "slurm").out):
            self.assertIn("align", text)
            self.assertLessEqual(max(map(len, text.splitlines())), 80)

    def test_more_than_the_largest_seen_is_advised_for_a_reason_that_is_told(self):
        self.dump(*(job(at) for at in range(10)), job(31, state="OUT_OF_MEMORY"))
        self.assertIn("of 1 kind\n", self.call("import", "sacct", "jobs.txt").out)
        self.assertIn("taken        0  of 0 kinds\n", self.call("import", "sacct", "jobs.txt").out)
        self.assertIn("in need of more than they had: 1 of 11 ", self.call("advise").out)
        refused = self.call("advise", "--workflow", "nobody")
        self.assertEqual(refused.code, 2)
        self.assertIn("no kind of workflow 'nobody' is known; there is ", refused.err)
        self.assertIn("an import is none: `plimsoll history list` shows it", self.call("show").err)

    def test_twice_is_the_same_as_once_and_overlapping_dumps_count_once(self):
        self.dump(*(job(at) for at in range(10)))
        self.dump(*(job(at) for at in range(5, 15)), name="later.txt")
        first = self.json("import", "sacct", "jobs.txt")
        again = self.json("import", "sacct", "jobs.txt")
        later = self.json("import", "sacct", "later.txt")
        self.assertEqual([(one["taken"], one["known"]) for one in (first, again, later)], [(10, 0), (0, 10), (5, 5)])
        self.assertIsNone(again["run"])
        self.assertEqual(len(self.json("history", "list")["runs"]), 2)
        self.assertEqual(self.json("advise")["kinds"][0]["finished"], 15)

    def test_packed_files_and_standard_input_are_read_too(self):
        self.dump(job(1))
        with gzip.open(self.path("more.gz"), "wt") as file:
            file.write(HEADER + job(2))
        self.assertEqual(self.json("import", "sacct", "jobs.txt", "more.gz")["taken"], 2)
        piped = self.shell(f"{desk.PROGRAM} import sacct - --json --history {self.history} < jobs.txt")
        self.assertEqual((json.loads(piped.out)["known"], piped.code), (1, 0))

    def test_a_row_that_cannot_be_read_stops_the_import_unless_asked_otherwise(self):
        self.dump(job(1), job(2, peak="12Q"))
        refused = self.call("import", "sacct", "jobs.txt")
        self.assertEqual(refused.code, 2)
        self.assertIn("jobs.txt:5:", refused.err)
        self.assertIn("'12Q' is no amount of memory", refused.err)
        self.assertIn("--skip-unreadable", refused.err)
        self.assertEqual(self.json("history", "list")["runs"], [])
        taken = self.json("import", "sacct", "jobs.txt", "--skip-unreadable")
        self.assert_true_to("import", taken)
        self.assertEqual((taken["taken"], taken["unreadable"]["count"]), (1, 1))

    def test_what_is_no_dump_is_refused_with_a_remedy(self):
        self.write("w.yaml", "steps: {}\n")
        for file, words in {"w.yaml": "w.yaml:1:1: ", "nothing.txt": "nothing.txt", ".": "this is a folder"}.items():
            refused = self.call("import", "sacct", file)
            self.assertEqual(refused.code, 2, refused.err)
            self.assertIn(words, refused.err)
        self.assertEqual(self.call("advise").code, 2)

    def test_a_dump_without_steps_says_so(self):
        self.dump("1|a|ana|COMPLETED|0:0|2026-01-01T00:00:00|01:00:00||4G|1|1|||\n")
        self.assertIn("sacct without -X has them", self.call("import", "sacct", "jobs.txt").out)

    def test_steps_of_a_workflow_are_sized_by_what_was_imported_for_them(self):
        self.write("w.yaml", "name: rna\nsteps: {align: {command: 'true', request: {memory: 16GiB, cpu: 1}}}\n")
        self.dump(*(job(at) for at in range(30)))
        self.assertEqual(self.json("import", "sacct", "jobs.txt", "--as", "w.yaml", "--this-machine")["taken"], 30)
        [step] = self.json("predict", "w.yaml")["steps"]
        self.assertEqual((step["source"], step["samples"]), ("kind", 30))
        self.assertLess(step["memory_bytes"]["bound"], 2 << 30)
        self.assertAlmostEqual(step["runtime_s"]["p50"], 3600)

    def test_an_import_can_be_shown_and_forgotten(self):
        self.dump(job(1))
        run = self.json("import", "sacct", "jobs.txt")["run"]
        self.assertEqual(self.call("show", "last").code, 2)
        self.assertEqual(self.call("show", run).code, 0)
        self.assertEqual(self.call("history", "forget", run).code, 0)
        self.assertEqual(self.json("import", "sacct", "jobs.txt")["taken"], 1)


class Exports(Json):
    def test_what_was_exported_comes_back_as_the_same_history(self):
        self.write("w.yaml", "name: rna\nsteps: {a: {scatter: {i: [1, 2]}, command: 'sleep 0.2', request: {memory: 64MiB, cpu: 0.1}}}\n")
        self.assertEqual(self.run_workflow().code, 0)
        own = self.history
        for form, source in {"wfformat": "wfformat", "nextflow-trace": "nextflow"}.items():
            self.history = own
            self.assertEqual(self.call("export", form, "last", "-o", "run.out").code, 0)
            self.history = self.path(f"{source}.db")
            imported = self.json("import", source, "run.out", "--workflow", "rna")
            self.assert_true_to("import", imported)
            self.assertEqual((imported["taken"], imported["kinds"]), (2, 1))
            self.assertEqual(self.call("export", form, imported["run"]).code, 0)
            self.assertEqual(self.json("import", source, "run.out", "--workflow", "rna")["known"], 2)
        self.history = own
        self.assertEqual(len(self.call("export", "csv").out.splitlines()), 3)

    def test_risk_in_the_file_and_by_option_changes_what_is_kept(self):
        """Peaks of 100 MiB, and one in ten of 400: kept is what costs least at each weight of a failure."""
        rows = [f"{i},align,align ({i}),COMPLETED,1,14400000,4294967296,1,{i}000,{i}000,{i}900,900,100,"
                f"{peak},{peak},1000" for i in range(10, 90) for peak in [(400 if i % 10 == 5 else 100) << 20]]
        self.write("trace.csv", TRACE_HEAD + "\n".join(rows) + "\n")
        self.write("w.yaml", "name: w\nsteps: {align: {command: 'true'}}")
        self.write("safe.yaml", "name: w\nsteps: {align: {command: 'true', risk: safe}}")
        self.json("import", "nextflow", "trace.csv", "--workflow", "w")

        def kept(*words):
            return self.json("predict", *words)["steps"][0]["memory_bytes"]["bound"]
        thrifty, safe = kept("w.yaml", "--risk", "thrifty"), kept("w.yaml", "--risk", "10")
        self.assertLess(thrifty, safe)
        self.assertEqual(kept("safe.yaml"), safe)
        self.assertEqual(kept("safe.yaml", "--risk", "thrifty"), thrifty)
        self.assertEqual(self.run_workflow(file="safe.yaml").code, 0)
        self.assertRegex(self.call("explain", "last").out, "size +risk balanced -> safe: the workflow file says so")
        wrong = self.call("predict", "w.yaml", "--risk", "save")
        self.assertEqual(wrong.code, 2)
        self.assertIn("'save' is no risk; write thrifty, balanced, safe or a number", wrong.err)
        self.write("wrong.yaml", "steps: {a: {command: make, risk: save}}")
        self.assertIn("wrong.yaml:1:34: 'save' is no risk", self.call("check", "wrong.yaml", history=False).err)

    def test_snakemake_takes_the_profile_that_is_advised(self):
        snakemake = shutil.which("snakemake")
        if not snakemake:
            self.skipTest("snakemake is not installed")
        version = subprocess.run([snakemake, "--version"], capture_output=True, text=True, timeout=60).stdout
        rows = [f"{i},align,align ({i}),COMPLETED,1,14400000,4294967296,1,{i}000,{i}000,{i}900,900,100,{100 << 20},{100 << 20},9"
                for i in range(10, 30)]
        self.write("trace.csv", TRACE_HEAD + "\n".join(rows) + "\n")
        self.json("import", "nextflow", "trace.csv", "--workflow", "w")
        form = "snakemake-7" if version.startswith("7.") else "snakemake"
        advised = self.call("advise", "--for", form)
        self.assertEqual((advised.code, advised.err), (0, ""))
        self.write("profile/config.yaml", advised.out)
        self.write("Snakefile", "rule align:\n    output: 'a.txt'\n    threads: 7\n    resources: mem_mb=7\n"
                                "    shell: 'echo {threads} {resources.mem_mb} {resources.runtime} > {output}'\n")
        done = subprocess.run([snakemake, "--profile", "profile", "--cores", "8"], cwd=self.folder, env=self.environment,
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        threads, memory, minutes = map(int, self.read("a.txt").split())
        self.assertEqual((threads, minutes), (1, 1))
        self.assertTrue(100 <= memory <= 160, memory)

    def test_models_tell_what_is_known_and_how_it_held(self):
        rows = [f"{i},align,align ({i}),COMPLETED,1,14400000,4294967296,1,{i}000,{i}000,{i}900,900,100,{peak},{peak},{rchar}"
                for i in range(10, 90) for rchar in [(1 + i % 9) * 10_000_000] for peak in [50_000_000 + 3 * rchar]]
        self.write("trace.csv", TRACE_HEAD + "\n".join(rows) + "\n")
        self.assertEqual(self.call("models").code, 2, "no history to read")
        self.json("import", "nextflow", "trace.csv", "--workflow", "w")
        models = self.json("models")
        self.assert_true_to("models", models)
        (kind,) = models["kinds"]
        self.assertEqual((kind["workflow"], kind["step"], kind["samples"], kind["drift"]), ("w", "align", 80, None))
        self.assertAlmostEqual(kind["growth_bytes_per_input_byte"], 3, delta=0.3)
        self.assertGreater(kind["promise"]["measured"], 0.9)
        told = self.call("models").out
        self.assertIn("w/align", told)
        self.assertIn(kind["words"], told)
        self.assertEqual(self.json("models", "--workflow", "other"), {"kinds": []})
        self.write("w.yaml", "name: w\nsteps: {align: {command: 'true'}}")
        self.json("import", "nextflow", "trace.csv", "--as", "w.yaml")
        self.assertIn(f"\nalign: {kind['words']}\n", self.call("predict", "w.yaml").out)

    def test_an_unknown_format_or_run_is_refused(self):
        self.write("w.yaml", "steps: {a: {command: 'true'}}\n")
        self.run_workflow()
        self.assertEqual(self.call("export", "xml", "last").code, 2)
        self.assertEqual(self.call("export", "csv", "nobody").code, 2)

    def test_benchmarks_of_snakemake_and_reports_of_gnu_time_are_learnt(self):
        self.write("bench/align/s1.tsv", "s\th:m:s\tmax_rss\n90\t0:01:30\t512.00\n")
        self.write("log", "\tCommand being timed: \"sort x\"\n\tElapsed (wall clock) time (h:mm:ss or m:ss): 0:09.00\n"
                          "\tMaximum resident set size (kbytes): 2048\n\tExit status: 0\n")
        self.assertEqual(self.json("import", "snakemake", "bench/align/s1.tsv")["taken"], 1)
        self.assertEqual(self.json("import", "gnu-time", "log")["taken"], 1)
        self.assertEqual({kind["step"] for kind in self.json("advise")["kinds"]}, {"align", "sort"})


class Bench(Json):
    def test_bench_import(self):
        done = subprocess.run([sys.executable, f"{ROOT}/benches/import/run", "--json", "--rows", "300"], cwd=self.folder,
                              env=dict(self.environment, PLIMSOLL=desk.PROGRAM), text=True, capture_output=True, timeout=100)
        self.assertTrue(done.stdout, done.stderr)
        figures = json.loads(done.stdout)
        self.assert_true_to("bench_import", figures)
        first, again, _ = figures["rows"]
        self.assertEqual((first["rows"], again["taken"], again["known"]), (300, 0, first["taken"]))


desk.main()
