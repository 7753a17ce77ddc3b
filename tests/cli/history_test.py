# SPDX-License-Identifier: Apache-2.0
"""plimsoll history: what is stored, taken out, and kept."""
import csv
import io
import json

import desk

W = "steps: {a: {outputs: a.txt, command: 'sleep 0.1; echo \"x, y\" | tee {output}', request: {memory: 32MiB}}}"


class History(desk.Case):
    def record(self, runs=1, name="w.yaml"):
        self.write(name, W)
        for _ in range(runs):
            self.assertEqual(self.run_workflow("--force", file=name).code, 0)

    def test_alone_it_tells_what_is_stored_and_for_how_long(self):
        self.record(2)
        told = self.call("history")
        self.assertEqual(told.code, 0, told.err)
        for words in ("database", "runs       2, from", "kept       everything, for ever", "history keep --for", "\nw "):
            self.assertIn(words, told.out)
        overview = self.json("history")
        self.assertEqual((overview["runs"], overview["attempts"], overview["kinds"]), (2, 2, 1))
        self.assertEqual(overview["workflows"][0]["workflow"], "w")
        self.assertGreater(overview["folders_bytes"], 0)

    def test_export_gives_each_attempt_alike_in_both_formats(self):
        self.record(2)
        rows = [json.loads(line) for line in self.call("history", "export").out.splitlines()]
        self.assertEqual([row["step"] for row in rows], ["a", "a"])
        self.assertLess(rows[0]["started"], rows[1]["started"])
        self.assertEqual(rows[0]["requested_memory_bytes"], 32 << 20)
        self.assertEqual(self.call("history", "export", "--format", "csv", "--output", "all.csv").code, 0)
        table = list(csv.DictReader(io.StringIO(self.read("all.csv"))))
        self.assertEqual([row["command"] for row in table], [row["command"] for row in rows])
        self.assertEqual([list(row) for row in table], [list(row) for row in rows])
        self.assertEqual(self.call("history", "export", "--workflow", "other").out, "")
        self.assertEqual(self.call("history", "export", "--output", "/no/such/x").code, 2)

    def test_a_size_is_kept_now_and_what_is_learned_goes_last(self):
        self.record(3)
        shrunk = self.json("history", "forget", "--keep-size", "1")
        self.assertEqual(len(shrunk["runs"]), 3)
        self.record(3)
        size = self.json("history")
        limit = size["database_bytes"] + size["folders_bytes"] // 3
        shrunk = self.json("history", "forget", "--keep-size", str(limit))
        self.assertEqual(shrunk["runs"], [])
        self.assertTrue(shrunk["details"])
        self.assertEqual(self.json("history")["attempts"], 3)
        self.assertIn("nothing had to go", self.call("history", "forget", "--keep-size", "1G").out)

    def test_what_is_set_is_applied_after_a_run_and_said(self):
        self.record(2)
        self.assertIn("for 90 days, up to 1.00 GiB", self.call("history", "keep", "--for", "90d", "--size", "1G").out)
        self.assertEqual(self.json("history", "keep")["keep"], {"age_s": 90 * 86400, "size_bytes": 1 << 30})
        self.assertEqual(self.call("history", "keep", "--for", "1ms").code, 0)
        ended = self.run_workflow("--force")
        self.assertIn("as `history keep` has set: forgot logs and decisions of", ended.err)
        self.assertEqual(self.json("history")["attempts"], 3)
        self.assertIn("everything, for ever", self.call("history", "keep", "--all").out)

    def test_mistakes_are_named(self):
        self.record()
        for words in (["keep", "--all", "--for", "1d"], ["keep", "--for", "soon"], ["forget", "--keep-size", "much"],
                      ["forget", "last", "--keep-size", "1G"], ["forget"]):
            ended = self.call("history", *words)
            self.assertEqual(ended.code, 2, words)


desk.main()
