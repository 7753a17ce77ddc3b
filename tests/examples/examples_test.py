#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each example runs, gives what it should, and has nothing to do the second time. One whose tools or data are not on this
machine is skipped, with that reason. variants is checked only: its data is made by ./dev demo, and here stands in as empty
files of the same names.

Usage: examples_test.py PLIMSOLL; closes with "N passed, N failed, N skipped", an example being one case.
"""

import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"
DATASETS = "/usr/lib/python3/dist-packages/statsmodels/datasets"
SECONDS_MAX = 150


@dataclass
class Example:
    tasks: int                      # as many, or at the least where it hangs on this machine's files
    files: dict[str, str]           # how a file begins afterwards
    words: list[str] = field(default_factory=list)
    needs: str = ""                 # a pattern of files without which it cannot run
    at_least: bool = False


RUN = {
    "hello": Example(1, {"results/greeting.txt": "hello from a task with"}),
    "scatter": Example(4, {"results/loop.count": "7", "results/total": "20"}),
    "retry": Example(2, {"results/flaky.txt": "whole", "results/after.txt": "whole"}),
    "packages": Example(62, {"results/report.txt": "Sections: packages, of them installed here"},
                        ["--set", "lists=/var/lib/dpkg/status"], "/var/lib/dpkg/status"),
    # A tenth of it; that all thousand are found is checked.
    "headers": Example(100, {"results/summary.txt": "What pulls in most"}, ["--set", "headers=/usr/include/linux/netfilter*/*.h"],
                       "/usr/include/linux/types.h", at_least=True),
    "forecasting": Example(18, {"results/report.txt": "series "}, ["--set", f"data={DATASETS}/nile/nile.csv", "--set", "fit_cores=1"],
                           f"{DATASETS}/nile/nile.csv"),
    # Unoptimised, which takes half the time.
    "build": Example(100, {"results/sizes.txt": ""}, ["--set", "optimise=0"]),
    # Of a small file of numbers instead of programs; xz packs it best.
    "container": Example(11, {"results/table.txt": "xz-"}),
}
SAMPLES = ["eco17", "eco05", "eco03", "eco02", "eco01", "eco01b", "lambda"]


def run(plimsoll: str, folder: Path, name: str) -> tuple[int, Counter]:
    """The exit code, and how many events of each kind there were."""
    ran = subprocess.run([plimsoll, "run", f"{name}.yaml", "--history", "history.db", "--json", *RUN[name].words],
                         cwd=folder, capture_output=True, text=True, timeout=SECONDS_MAX,
                         env=os.environ | {"PLIMSOLL_LEDGER": str(folder / "ledger")})
    sys.stderr.write(ran.stderr)
    return ran.returncode, Counter(json.loads(line)["event"] for line in ran.stdout.splitlines())


def wrong_with(plimsoll: str, folder: Path, name: str) -> str:
    example = RUN[name]
    ran = subprocess.run([plimsoll, "check", f"{name}.yaml"], cwd=folder, capture_output=True, text=True, timeout=60)
    tasks = re.search(r", (\d+) tasks, nothing wrong", ran.stdout)
    if not (tasks and int(tasks[1]) >= example.tasks) and "/var/lib/apt/lists" not in ran.stderr:
        return f"check: exit {ran.returncode}: {ran.stdout}{ran.stderr}"
    status, events = run(plimsoll, folder, name)
    finished = events["task_finished"]
    if status != 0 or finished < example.tasks or (finished > example.tasks and not example.at_least):
        return f"exit {status}, {finished} tasks of {example.tasks} finished"
    for path, text in example.files.items():
        found = (folder / path).read_text().strip()
        if not found.startswith(text.strip()):
            return f"{path} holds '{found}', not '{text}'"
    status, events = run(plimsoll, folder, name)
    if status != 0 or events["task_up_to_date"] != finished or events["task_started"]:
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


def why_no_image(folder: Path) -> str:
    """Makes the image of `container`, in a storage of its own; says why where that cannot be."""
    if not shutil.which("podman"):
        return "podman is not on this machine"
    storage = folder.parent / "podman"
    storage.mkdir()
    (storage / "storage.conf").write_text(
        f'[storage]\ndriver = "vfs"\ngraphroot = "{storage}/images"\nrunroot = "{storage}/state"\n')
    os.environ["CONTAINERS_STORAGE_CONF"] = str(storage / "storage.conf")
    (folder / "data").mkdir()
    (folder / "data/programs.tar").write_bytes(b"".join(b"%d\n" % number for number in range(50_000)))
    made = subprocess.run(["./make_image.sh"], cwd=folder, capture_output=True, text=True, timeout=SECONDS_MAX)
    return "" if made.returncode == 0 else (made.stderr.strip().splitlines() or ["make_image.sh failed"])[-1]


def why_no_source(folder: Path) -> str:
    """Fetches the source of `build`; says why where that cannot be."""
    if not shutil.which("gcc"):
        return "gcc is not on this machine"
    made = subprocess.run(["./make_source.sh"], cwd=folder, capture_output=True, text=True, timeout=SECONDS_MAX)
    return "" if made.returncode == 0 else (made.stderr.strip().splitlines() or ["make_source.sh failed"])[-1]


# What has to be made or fetched before an example runs.
READY = {"container": why_no_image, "build": why_no_source}


def main() -> int:
    plimsoll = str(Path(sys.argv[1]).resolve())
    failed = skipped = 0
    for name in [*RUN, "variants"]:
        if name in RUN and RUN[name].needs and not glob.glob(RUN[name].needs):
            print(f"SKIPPED {name}: {RUN[name].needs} is not on this machine")
            skipped += 1
            continue
        with tempfile.TemporaryDirectory(prefix="plimsoll-example-") as scratch:
            folder = Path(scratch) / name
            shutil.copytree(EXAMPLES / name, folder, ignore=shutil.ignore_patterns("results", "data", ".plimsoll"))
            if name in READY and (why := READY[name](folder)):
                print(f"SKIPPED {name}: {why}")
                skipped += 1
                continue
            wrong = wrong_with_variants(plimsoll, folder) if name == "variants" else wrong_with(plimsoll, folder, name)
        if wrong:
            print(f"{name}: {wrong}")
        failed += bool(wrong)
    print(f"{len(RUN) + 1 - failed - skipped} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
