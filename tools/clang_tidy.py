#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy over the sources of the compilation database, on all cores, and remembers what was clean: a
source is looked at again only when it, one of our headers it reaches, its command, .clang-tidy or clang-tidy
itself changed. The memory is one empty file per clean source under $XDG_CACHE_HOME/plimsoll/clang-tidy.

Tests, benchmarks and fuzzers are left out: their frameworks' macros cost minutes and trip the checks. A module's sources
are read a dozen at a time, as the build folder groups them (unity): their headers cost more than they do.

Usage: clang_tidy.py BUILD_FOLDER [PART_OF_A_PATH...]
"""

import functools
import hashlib
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "plimsoll/clang-tidy"
TIDY = "clang-tidy-19"
LEFT_OUT = re.compile(r"_(test|bench|fuzz)\.cc$|^tests/")
INCLUDE = re.compile(r'^#include "([^"]+)"', re.M)
# Sources of a group are included ones.
OWN_FILES = r"/(plimsoll|apps|benches)/[^ ]*\.(h|cc)$"


@functools.cache
def text_of(path: Path) -> str:
    return path.read_text()


@functools.cache
def included(path: Path) -> frozenset[Path]:
    direct = {ROOT / name for name in INCLUDE.findall(text_of(path)) if (ROOT / name).is_file()}
    return frozenset(direct)


def reached(source: Path) -> list[Path]:
    """The source and all of our headers it reaches."""
    seen, waiting = set(), [source]
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting.extend(included(path))
    return sorted(seen)


def sources_of(entry: dict) -> list[Path]:
    """Our own sources that a command compiles: one, those of a group, or none (a generated one)."""
    compiled = Path(entry["file"])
    if "Unity" in compiled.parts:
        return [Path(name) for name in INCLUDE.findall(text_of(compiled)) if is_own(Path(name))]
    return [compiled] if is_own(compiled) else []


def is_own(source: Path) -> bool:
    return not source.is_relative_to(ROOT / "build")


def key(sources: list[Path], command: str, common: str) -> str:
    digest = hashlib.sha256((common + command.replace(str(ROOT), "")).encode())
    for path in dict.fromkeys(path for source in sources for path in reached(source)):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + text_of(path).encode())
    return digest.hexdigest()


def check(compiled: str, build: str, stamp: Path) -> str:
    """What clang-tidy has to say, nothing when what is compiled is clean."""
    ran = subprocess.run([TIDY, "-p", build, "--quiet", "--warnings-as-errors=*", f"--header-filter={OWN_FILES}", compiled],
                         capture_output=True, text=True)
    if ran.returncode == 0:
        stamp.touch()
        return ""
    return ran.stdout + (ran.stderr if not ran.stdout.strip() else "")


def main() -> int:
    build, parts = sys.argv[1], sys.argv[2:]
    database = json.loads((Path(build) / "compile_commands.json").read_text())
    version = subprocess.run([TIDY, "--version"], capture_output=True, text=True, check=True).stdout
    common = version + text_of(ROOT / ".clang-tidy")
    CACHE.mkdir(parents=True, exist_ok=True)
    work, count = {}, 0
    for entry in database:
        sources = [source for source in sources_of(entry) if not LEFT_OUT.search(str(source.relative_to(ROOT)))]
        if not sources or (parts and not any(part in str(source) for part in parts for source in sources)):
            continue
        count += len(sources)
        stamp = CACHE / key(sources, entry["command"], common)
        if not stamp.exists():
            work[entry["file"]] = (stamp, len(sources))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        findings = [text for text in pool.map(lambda item: check(item[0], build, item[1][0]), work.items()) if text]
    # A header's finding comes with every source that reaches it: said once.
    blocks = [block for text in findings for block in re.split(r"(?m)^(?=\S+:\d+:\d+: (?:error|warning))", text)]
    print("".join(dict.fromkeys(blocks)), end="")
    looked_at = sum(many for _, many in work.values())
    print(f"clang-tidy: {count} sources, {looked_at} looked at, in {len(work)} groups, {len(findings)} with findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
