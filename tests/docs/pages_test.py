#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each command of the pages runs and prints what the page says.

A block marked `console` is a session: "$ command" and what it prints, where `...` stands for anything, within a line
or for lines. The sessions of a page share a scratch folder that holds a copy of examples/, a history of its own and
plimsoll on the PATH. A block marked `console not-run: REASON` is skipped with that reason. A block that begins with a
comment naming a file of the project must be found in that file.

Usage: pages_test.py PLIMSOLL PAGE...; closes with "N passed, N failed, N skipped", a page being one case.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BLOCK = re.compile(r"^```(\w+)[ ]*([^\n]*)\n(.*?)^```$", re.M | re.S)
QUOTED_FILE = re.compile(r"^# ([\w./-]+/[\w.-]+\.\w+)\n")
SECONDS_MAX = 60


def matches(expected: str, printed: str) -> bool:
    pattern = re.escape(expected.rstrip()).replace(r"\.\.\.", ".*")
    return re.fullmatch(pattern, printed.rstrip(), re.S) is not None


def commands(session: str) -> list[tuple[str, str]]:
    """(command, what it should print) in order; "> " continues a command."""
    found: list[tuple[str, str]] = []
    for line in session.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], ""))
        elif line.startswith("> ") and found and not found[-1][1]:
            found[-1] = (found[-1][0] + "\n" + line[2:], "")
        elif found:
            found[-1] = (found[-1][0], found[-1][1] + line + "\n")
    return found


def run_session(session: str, folder: Path, env: dict[str, str]) -> str:
    """What went otherwise than the page says; nothing where all is well."""
    for command, expected in commands(session):
        ran = subprocess.run(["bash", "-c", command], cwd=folder, env=env, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=SECONDS_MAX)
        if not matches(expected, ran.stdout):
            return f"$ {command}\n--- the page says:\n{expected}--- it prints (exit {ran.returncode}):\n{ran.stdout}"
    return ""


def quoted_wrongly(text: str) -> str:
    named = QUOTED_FILE.match(text)
    if not named or not (ROOT / named[1]).is_file():
        return ""
    body = text[named.end():]
    return "" if body in (ROOT / named[1]).read_text() else f"the block is not what stands in {named[1]}"


def check_page(page: Path, plimsoll: Path) -> tuple[str, list[str]]:
    """What is wrong with the page, and the reasons of the blocks that were not run."""
    reasons = []
    with tempfile.TemporaryDirectory(prefix="plimsoll-page-") as name:
        folder = Path(name)
        shutil.copytree(ROOT / "examples", folder / "examples", ignore=shutil.ignore_patterns("results", "data", ".plimsoll"))
        env = os.environ | {"HOME": name, "XDG_DATA_HOME": f"{name}/share", "XDG_CACHE_HOME": f"{name}/cache",
                            "PATH": f"{plimsoll.parent}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8", "COLUMNS": "100",
                            "PLIMSOLL_LEDGER": f"{name}/ledger"}
        for language, words, text in BLOCK.findall(page.read_text()):
            if language == "console" and words.startswith("not-run:"):
                reasons.append(words.removeprefix("not-run:").strip())
                continue
            wrong = run_session(text, folder, env) if language == "console" else quoted_wrongly(text)
            if wrong:
                return wrong, reasons
    return "", reasons


def main() -> int:
    plimsoll = Path(sys.argv[1]).resolve()
    passed = failed = skipped = 0
    for page in map(Path, sys.argv[2:]):
        name = page.resolve().relative_to(ROOT)
        wrong, reasons = check_page(page, plimsoll)
        for reason in reasons:
            print(f"SKIPPED {name}: {reason}")
        skipped += len(reasons)
        failed += bool(wrong)
        passed += not wrong
        if wrong:
            print(f"{name}: {wrong}")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
