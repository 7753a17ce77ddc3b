# SPDX-License-Identifier: Apache-2.0
"""A real run beside its simulation from what was recorded of it: what `plimsoll simulate --history` promises."""
import json
import pathlib
import sys

import desk

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "benches" / "fidelity"))
import fidelity  # noqa: E402  (its folder is known only here)

ROUNDS = 5  # another program's second of both cores moves everything; one undisturbed round is enough
MAKESPAN_OFF, WASTED_OFF, TAU = 0.10, 0.05, 0.95

# Tasks of 0.4 to 1.6 s that hold 20 to 120 MB; two at a time by their cores, and at first by their requests fewer.
WORKFLOW = """
steps:
  make:
    scatter: {size: [2, 4, 6, 8]}
    outputs: "{size}.txt"
    request: {cpu: 1, memory: 250MiB}
    command: python3 -c 'import time; x = bytearray({size} * 10_000_000); time.sleep({size} / 5)' && touch {output}
  use:
    scatter: {size: [3, 5, 12]}
    inputs: "{steps.make.outputs}"
    request: {cpu: 1, memory: 250MiB}
    command: python3 -c 'import time; x = bytearray({size} * 10_000_000); time.sleep(0.4 + {size} / 20)'
"""


class Fidelity(desk.Case):
    def round(self):
        ended = self.run_workflow("--force", "--max-cpu", "2", "--max-memory", "600MiB")
        self.assertEqual(ended.code, 0, ended.err)
        played = self.call("simulate", "--database", self.history, "--history", "last", "--capacity", "cpu=2 memory=600MiB",
                           "--draws", "1", "--json", history=False)
        self.assertEqual(played.code, 0, played.err)
        told = json.loads(played.out)
        starts = fidelity.starts_of(self.call("export", "csv", "last").out)
        self.assertEqual(set(starts), set(told["alternatives"][0]["starts_s"]), "the same tasks are played")
        return fidelity.compare(self.json("show", "last"), told, starts)

    def is_near(self, row):
        return (abs(row["makespan_off"]) <= MAKESPAN_OFF and abs(row["wasted_off"]) <= WASTED_OFF
                and row["wasted_gbh"] > 0 and row["tau"] is not None and row["tau"] >= TAU)

    def test_a_run_is_played_again_as_it_was(self):
        if not desk.has_memory_groups():
            self.skipTest("without cgroups a run of a second is not measured well enough to be played again")
        self.write("w.yaml", WORKFLOW)
        rows = []
        while len(rows) < ROUNDS:
            rows.append(self.round())
            if self.is_near(rows[-1]):
                return
        self.fail(f"in none of {ROUNDS} rounds makespan, wastage and the order of starts came near: {rows}")

    def test_the_order_of_starts_is_compared_where_it_is_certain(self):
        real = {"a": 0, "b": 0.05, "c": 1, "d": 2}
        self.assertEqual(fidelity.tau(real, {"a": 0.05, "b": 0, "c": 1, "d": 2}), 1)
        self.assertEqual(fidelity.tau(real, {"a": 3, "b": 2, "c": 1, "d": 0}), -1)
        self.assertIsNone(fidelity.tau({"a": 0, "b": 0.05}, {"a": 0, "b": 1}))


desk.main()
