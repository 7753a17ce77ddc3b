#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each command of the pages runs and prints what the page says.

A block marked `console` is a session: "$ command" and what it prints, where `...` stands for anything, within a line
or for lines. In one marked `console varies` numbers, amounts, times and ids are those of the machine that wrote the page, and
may differ, and so may the blanks that align them. The sessions of a page share a scratch folder that holds a copy of examples/, a history of its own and
plimsoll on the PATH. A block marked `console not-run: REASON` is skipped with that reason. A block that begins with a
comment naming a file of the project must be found in that file. One marked `file: NAME` is what the reader is to write
into NAME: it is written into the scratch folder.

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
# A replay takes 25 s where nothing is optimised, and more beside other tests.
SECONDS_MAX = 150
# A run's id, a point in time, what is summed over time, a number with its unit.
VARIES = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}|\d{4}-\d\d-\d\dT[\d:.]+Z|(?:[MG]B|core) x [sh]|"
                    r"(?<![\w.])\d[\d.]*(?: ?(?:[KMGT]iB|[kMGT]?B|ms|s|min|m|h))?(?: \d\d?s)?(?![\w-])")
# Three dots stand for anything; more of them are a drawing's.
ANYTHING = re.compile(r"(?<!\\\.)\\\.\\\.\\\.(?!\\\.)")


def pattern_of(expected: str, varies: bool) -> str:
    if not varies:
        return ANYTHING.sub(".*", re.escape(expected))
    lines = []
    for line in expected.splitlines():
        words = re.sub(r"\s+", " ", VARIES.sub("\0", line.strip()))
        text = ANYTHING.sub(".*", re.escape(words).replace("\\\0", "\0")).replace(r"\ ", r"\s+")
        lines.append(r"\s*" + text.replace("\0", f"(?:{VARIES.pattern})"))
    return r"[ ]*\n".join(lines)


def matches(expected: str, printed: str, varies: bool) -> bool:
    return re.fullmatch(pattern_of(expected.rstrip(), varies), printed.rstrip(), re.S) is not None


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


def run_session(session: str, varies: bool, folder: Path, env: dict[str, str]) -> str:
    """What went otherwise than the page says; nothing where all is well."""
    for command, expected in commands(session):
        ran = subprocess.run(["bash", "-c", command], cwd=folder, env=env, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=SECONDS_MAX)
        if not matches(expected, ran.stdout, varies):
            return f"$ {command}\n--- the page says:\n{expected}--- it prints (exit {ran.returncode}):\n{ran.stdout}"
    return ""


def quoted_wrongly(text: str) -> str:
    named = QUOTED_FILE.match(text)
    if not named or not (ROOT / named[1]).is_file():
        return ""
    body = text[named.end():]
    return "" if body in (ROOT / named[1]).read_text() else f"the block is not what stands in {named[1]}"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


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
            if words.startswith("file:"):
                write(folder / words.removeprefix("file:").strip(), text)
                continue
            varies = words.strip() == "varies"
            wrong = run_session(text, varies, folder, env) if language == "console" else quoted_wrongly(text)
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
