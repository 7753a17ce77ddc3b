#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each example runs, gives what it should, and has nothing to do the second time. variants is checked only: its data
is made by ./dev demo, and here stands in as empty files of the same names.

Usage: examples_test.py PLIMSOLL; closes with "N passed, N failed, N skipped", an example being one case.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"
# example -> (the tasks it has, what stands in a file afterwards)
RUN = {
    "hello": (1, {"results/greeting.txt": "hello from a task with"}),
    "scatter": (4, {"results/loop.count": "7", "results/total": "20"}),
    "retry": (2, {"results/flaky.txt": "whole", "results/after.txt": "whole"}),
}
SAMPLES = ["eco17", "eco05", "eco03", "eco02", "eco01", "eco01b", "lambda"]


def run(plimsoll: str, folder: Path, name: str) -> tuple[int, Counter]:
    """The exit code, and how many events of each kind there were."""
    ran = subprocess.run([plimsoll, "run", f"{name}.yaml", "--history", "history.db", "--json"],
                         cwd=folder, capture_output=True, text=True, timeout=60,
                         env=os.environ | {"PLIMSOLL_LEDGER": str(folder / "ledger")})
    sys.stderr.write(ran.stderr)
    return ran.returncode, Counter(json.loads(line)["event"] for line in ran.stdout.splitlines())


def wrong_with(plimsoll: str, folder: Path, name: str) -> str:
    tasks, files = RUN[name]
    status, events = run(plimsoll, folder, name)
    if status != 0 or events["task_finished"] != tasks:
        return f"exit {status}, {events['task_finished']} tasks of {tasks} finished"
    for path, text in files.items():
        found = (folder / path).read_text().strip()
        if not found.startswith(text):
            return f"{path} holds '{found}', not '{text}'"
    status, events = run(plimsoll, folder, name)
    if status != 0 or events["task_up_to_date"] != tasks or events["task_started"]:
        return f"the second run: exit {status}, {dict(events)}"
    return ""


def wrong_with_variants(plimsoll: str, folder: Path) -> str:
    (folder / "data").mkdir()
    for file in ["ecoli.fa", "lambda.fa"] + [f"{sample}_{end}.fq.gz" for sample in SAMPLES for end in (1, 2)]:
        (folder / "data" / file).touch()
    ran = subprocess.run([plimsoll, "check", "variants.yaml", "--set", "high_cores=1", "--set", "high_memory=1MB",
                          "--set", "medium_memory=1MB", "--set", "single_memory=1MB"],
                         cwd=folder, capture_output=True, text=True, timeout=60)
    return "" if ran.returncode == 0 else f"exit {ran.returncode}: {ran.stderr}"


def main() -> int:
    plimsoll = str(Path(sys.argv[1]).resolve())
    failed = 0
    for name in [*RUN, "variants"]:
        with tempfile.TemporaryDirectory(prefix="plimsoll-example-") as scratch:
            folder = Path(scratch) / name
            shutil.copytree(EXAMPLES / name, folder, ignore=shutil.ignore_patterns("results", "data", ".plimsoll"))
            wrong = wrong_with_variants(plimsoll, folder) if name == "variants" else wrong_with(plimsoll, folder, name)
        if wrong:
            print(f"{name}: {wrong}")
        failed += bool(wrong)
    print(f"{len(RUN) + 1 - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
