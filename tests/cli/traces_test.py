# SPDX-License-Identifier: Apache-2.0
"""simulate --trace: a file of each kind is played, with a makespan that can be counted on fingers; and of real files the
first tasks."""
import gzip
import itertools
import json
import os

import desk
import json_schema

SACCT = "JobID|JobName|User|State|ExitCode|Start|Elapsed|Timelimit|ReqMem|ReqCPUS|NNodes|MaxRSS|NTasks|TotalCPU\n"
NEXTFLOW = "task_id,process,name,status,cpus,time,memory,attempt,submit,start,complete,realtime,%cpu,rss,peak_rss,rchar\n"
WFINSTANCES = ("file,wms,app,task_type,task_id,runtime_s,cores,avg_cpu,memory_bytes,read_bytes,written_bytes,n_in,in_bytes,"
               "n_out,out_bytes,machine,n_parents,parents\n")
OPENB = "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time\n"
DATA = os.environ.get("PLIMSOLL_DATA", os.path.join(os.path.dirname(__file__), "../../../shared/data"))


class Traces(desk.Case):
    def played(self, file, *words):
        ended = self.call("simulate", "--trace", file, "--draws", "1", "--requests", "--policy", "fifo", *words, "--json",
                          history=False)
        self.assertEqual(ended.code, 0, ended.err)
        told = json.loads(ended.out)
        json_schema.assert_true_to(self, "what_if", told)
        return told

    def makespans(self, file, *words):
        """Of each machine, by what tasks asked for."""
        told = self.played(file, *words)
        return {row["cpu_cores"]: row["median"]["makespan_s"] for row in told["alternatives"] if row["sizes"] == "requests"}

    def test_a_nextflow_trace_on_a_smaller_machine_waits_for_cores(self):
        """Four tasks of ten seconds, started together: side by side on four cores, two by two on two."""
        rows = [f"{i},align,align ({i}),COMPLETED,1,14400000,1073741824,1,1000000,1000000,1010000,10000,100,100,104857600,1000"
                for i in range(1, 5)]
        self.write("t.csv", NEXTFLOW + "\n".join(rows) + "\n")
        took = self.makespans("t.csv", "--trace-format", "nextflow", "--capacity", "cpu=2 memory=8GiB", "--capacity",
                              "cpu=4 memory=8GiB")
        self.assertAlmostEqual(took[4], 10, delta=0.5)
        self.assertAlmostEqual(took[2], 20, delta=0.5)

    def test_a_dump_of_sacct(self):
        """Two jobs of an hour on 8 cores each, one an hour after the other."""
        self.write("jobs.txt", SACCT + "".join(
            f"{n}|align|ana|COMPLETED|0:0|2026-01-01T{n:02}:00:00|01:00:00|1-00:00:00|16G|8|1|||02:00:00\n"
            f"{n}.batch|batch||COMPLETED|0:0|2026-01-01T{n:02}:00:00|01:00:00||||1|1024M|1|02:00:00\n" for n in (1, 2)))
        took = self.makespans("jobs.txt", "--trace-format", "sacct", "--capacity", "cpu=8 memory=64GiB")
        self.assertAlmostEqual(took[8], 7200, delta=5)

    def test_a_workflow_in_wfformat(self):
        self.write("w.yaml", "name: w\nsteps: {a: {scatter: {i: [1, 2]}, command: 'sleep 0.3', request: {memory: 64MiB, cpu: 1}}}")
        self.assertEqual(self.run_workflow().code, 0)
        self.assertEqual(self.call("export", "wfformat", "last", "-o", "w.json").code, 0)
        took = self.makespans("w.json", "--trace-format", "wfformat", "--capacity", "cpu=1 memory=1GiB", "--capacity",
                              "cpu=2 memory=1GiB")
        self.assertGreater(took[1], 0.6)
        self.assertGreaterEqual(took[1], took[2])

    def test_a_table_of_wfinstances(self):
        """split 10 s, then two of 20 s, then join 5 s."""
        tasks = [("split", "a", 10, ""), ("work", "b", 20, "0"), ("work", "c", 20, "0"), ("join", "d", 5, "1 2")]
        self.write("wfinstances_small.csv", WFINSTANCES + "".join(
            f"f.json,wms,app,{kind},{name},{runtime},1,,,,,,,,,m,{len(parents.split())},{parents}\n"
            for kind, name, runtime, parents in tasks))
        took = self.makespans("wfinstances_small.csv", "--capacity", "cpu=1 memory=8GiB", "--capacity", "cpu=2 memory=8GiB")
        self.assertAlmostEqual(took[1], 55, delta=0.5)
        self.assertAlmostEqual(took[2], 35, delta=0.5)

    def test_a_log_in_the_standard_workload_format(self):
        """Forty minutes of work for four of eight processors each: two at a time."""
        self.write("small.swf", "; MaxProcs: 8\n" + "".join(
            f"{at} {at} -1 60 4 -1 -1 4 60 -1 1 {at % 3} -1 -1 0 -1 -1 -1\n" for at in range(1, 41)))
        self.assertAlmostEqual(self.makespans("small.swf")[8], 20 * 60, delta=5)

    def test_pods_of_a_gpu_cluster(self):
        """Two share a device, the third wants it whole."""
        self.write("openb_pod_list.csv", OPENB + "".join(
            f"p{n},1000,512,1,{milli},,LS,Running,100,160,100\n" for n, milli in enumerate((500, 500, 1000))))
        took = self.makespans("openb_pod_list.csv", "--capacity", "cpu=8 memory=8GiB gpu=1")
        self.assertAlmostEqual(took[8], 120, delta=1)


class Real(desk.Case):
    """The first tasks of real files: all of them are hours of days."""
    played = Traces.played

    def beginning(self, name, rows, to):
        file = os.path.join(DATA, name)
        if not os.path.exists(file):
            self.skipTest(f"{name} is not there; PLIMSOLL_DATA names the folder with it")
        with gzip.open(file, "rt") as text, open(self.path(to), "w") as out:
            out.writelines(itertools.islice(text, rows))

    def test_jobs_of_a_log(self):
        self.beginning("schedule/lublin_256.swf.gz", 60, "lublin.swf")
        told = self.played("lublin.swf")
        self.assertGreater(told["tasks"], 20)
        self.assertEqual(told["alternatives"][0]["cpu_cores"], 256)
        self.assertEqual(told["alternatives"][1]["median"]["failed_tasks"], 0)

    def test_graphs_of_wfinstances(self):
        self.beginning("schedule/wfinstances_tasks.csv.gz", 120, "wfinstances.csv")
        told = self.played("wfinstances.csv", "--capacity", "cpu=16 memory=64GiB")
        self.assertGreater(told["tasks"], 100)
        self.assertLess(told["runs_without_needs"], told["runs"])
        self.assertEqual(told["alternatives"][1]["median"]["failed_tasks"], 0)

    def test_pods(self):
        self.beginning("schedule/openb/openb_pod_list_default.csv.gz", 2000, "all_pods.csv")
        head, *pods = self.lines("all_pods.csv")
        lengths = [(float(end) - float(begin), pod) for pod in pods for begin, end in [pod.split(",")[8:10]] if end]
        short = [pod for length, pod in lengths if 0 < length < 2000][:40]
        self.write("openb_pods.csv", "\n".join([head, *short]) + "\n")
        told = self.played("openb_pods.csv", "--capacity", "cpu=96 memory=512GiB gpu=8")
        self.assertEqual(told["tasks"], len(short))
        self.assertGreater(len(short), 10)
        self.assertEqual(told["alternatives"][1]["median"]["failed_tasks"], 0)


desk.main()
