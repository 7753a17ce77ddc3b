# SPDX-License-Identifier: Apache-2.0
"""A folder with a ledger and a history of its own, and runs in it whose events are kept."""
import datetime
import json
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PLIMSOLL = os.environ.get("PLIMSOLL", str(ROOT / "build" / "plimsoll"))
CORES = os.cpu_count()

# Keeps a core busy for so many seconds of its own CPU time, however many share the core.
BURN = "import sys,time\nwhile time.process_time() < float(sys.argv[1]): pass\n"


class Ended:
    def __init__(self, code, out, err):
        self.code, self.err = code, err
        self.events = [json.loads(line) for line in out.splitlines()]

    def of(self, event):
        return [line for line in self.events if line["event"] == event]

    def makespan_s(self):
        return at(self.of("run_finished")[0]) - at(self.of("run_started")[0])


def at(event):
    return datetime.datetime.fromisoformat(event["time"].replace("Z", "+00:00")).timestamp()


class Desk:
    def __init__(self, name):
        self.folder = ROOT / "build" / "schedule-live" / name
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.write("burn.py", BURN)
        self.environment = os.environ | {"PLIMSOLL_LEDGER": str(self.folder / "ledger")}

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def words(self, file, *more):
        return [PLIMSOLL, "run", file, "--json", "--history", str(self.folder / "history.db"), *more]

    def begin(self, file, *more):
        return subprocess.Popen(self.words(file, *more), cwd=self.folder, env=self.environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    @staticmethod
    def end(process):
        out, err = process.communicate()
        return Ended(process.returncode, out, err)

    def run(self, file, *more, may_fail=False):
        ended = self.end(self.begin(file, *more))
        if ended.code and not may_fail:
            sys.exit(f"{file} ended with {ended.code}: {ended.err}")
        return ended
