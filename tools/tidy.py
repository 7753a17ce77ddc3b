#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the compiler and clang-tidy do not see: layers, banned calls and names, leftovers, sizes, pages.
Each rule is a function that gives findings as "file:line: what; what to do". Registered with ctest as `tidy`.

Usage: tidy.py [ROOT]; exit 1 where a rule found something.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 300

# (pattern, what to do, files that may). The patterns see code without comments and literals. Tests that kill real
# processes at random instants may sleep and may read the real clock.
BANNED_CODE = [
    (r"\b(system|steady|high_resolution)_clock::now\b", "take a Clock&", ("plimsoll/base/clock.cc",)),
    (r"\bclock_gettime\b|\bgettimeofday\b|[^\w.>]time\(nullptr\)", "take a Clock&", ("plimsoll/base/clock.cc",)),
    (r"\brandom_device\b|\bmt19937\b|[^\w.>:]s?rand\(", "take a seeded Rng&", ("plimsoll/base/random.cc",)),
    (r"\bsleep_(for|until)\b|\b(nanosleep|usleep)\(", "wait on what you wait for", ("plimsoll/base/clock.cc",)),
    (r"(^|[^\w.>:])v?fork\(", "spawn by engine: fork copies page tables", ()),
    (r"[^\w.>:]system\(|\bpopen\(", "spawn by engine", ()),
    (r"\bstd::(cout|cerr)\b", "return values; print in apps, by fmt", ()),
    (r"\bshared_ptr\b", "values, unique_ptr at edges, references for 'outlives me'", ()),
]
BANNED_WORDS = r"Manager|Helper|Utils?|Processor|Wrapper|Orchestrator|Intelligent|Smart|Advanced|Enhanced|Unified"
BANNED_TYPE = re.compile(rf"\b(?:class|struct|enum(?: class)?|concept)\s+(?:\[\[\w+\]\]\s+)?(\w*(?:{BANNED_WORDS})\w*)")
ACCESSOR = re.compile(r"\b(get_\w+)\s*\(\s*\)\s*const\b")
LEFTOVER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
HISTORY = re.compile(r"//.*\b(used to be|refactored|previously|as before|legacy)\b", re.I)
COMMENTED_CODE = re.compile(r"^\s*//(?!/)\s*(?:[\w:<>,&*\s]+\(.*\);|[\w.\->]+\s*[-+*/]?=\s*[^=].*;|(?:if|for|while|return|else)\b.*[;{]|[{}])\s*$")
# A folder of somebody's own machine.
LOCAL_PATH = re.compile(r"(?<![\w./])/(?:work|home/(?!user\b|me\b)\w+|Users/\w+)/\w")
SPDX = "SPDX-License-Identifier: Apache-2.0"
TEXT_ENDINGS = {".h", ".cc", ".py", ".sh", ".cmake", ".md", ".yaml", ".json", ".toml", ".txt", ""}
STD_ONLY_HEADERS = re.compile(r"#include <([^>]+)>")
SYSTEM_HEADER = re.compile(r"^[a-z_0-9]+$|^(sys|linux|netinet|arpa|net)/\w+\.h$|^(unistd|fcntl|signal|poll|time|pthread|errno|dirent|spawn|sched|stdlib|stdio|string)\.h$")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


FILES = tracked()
SOURCES = [path for path in FILES if path.suffix in (".h", ".cc")]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    yield from enumerate(path.read_text(errors="replace").splitlines(), 1)


def code_only(line: str) -> str:
    """The line without what stands in literals and comments."""
    return re.sub(r"//.*", "", re.sub(r'"(\\.|[^"\\])*"', '""', line))


def layers() -> dict[str, int]:
    text = (ROOT / "plimsoll/LAYERS").read_text()
    rows = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {name: level for level, row in enumerate(rows) for name in row}


def layer_violations() -> Iterator[str]:
    level = layers()
    for path in SOURCES:
        parts = path.relative_to(ROOT).parts
        if parts[0] != "plimsoll":
            continue
        module = parts[1]
        if module not in level:
            yield f"{name_of(path)}:1: plimsoll/LAYERS does not name '{module}'; give it its place there"
            continue
        for at, line in lines_of(path):
            found = re.match(r'#include "plimsoll/([a-z_]+)/', line)
            if not found or found[1] == module:
                continue
            if level.get(found[1], 99) >= level[module]:
                yield f"{name_of(path)}:{at}: '{module}' may not include '{found[1]}': plimsoll/LAYERS puts it beside or above"


def banned_calls() -> Iterator[str]:
    for path in SOURCES:
        name = name_of(path)
        if not name.startswith(("plimsoll/", "apps/")) or path.stem.endswith("_test"):
            continue
        for at, line in lines_of(path):
            code = code_only(line)
            for pattern, remedy, allowed in BANNED_CODE:
                if name not in allowed and (found := re.search(pattern, code)):
                    yield f"{name}:{at}: '{found[0].strip()}'; {remedy}"


def banned_names() -> Iterator[str]:
    for path in SOURCES:
        if re.search(BANNED_WORDS.lower(), path.stem) and not re.search(r"_(test|bench|fuzz)$", path.stem):
            yield f"{name_of(path)}:1: a file named like that has no subject; name what is in it"
        for at, line in lines_of(path):
            if found := BANNED_TYPE.search(code_only(line)):
                yield f"{name_of(path)}:{at}: '{found[1]}'; a type is a noun of the domain"
            if found := ACCESSOR.search(code_only(line)):
                yield f"{name_of(path)}:{at}: '{found[1]}'; an accessor is named for what it gives"


def leftovers() -> Iterator[str]:
    for path in FILES:
        if path.suffix not in TEXT_ENDINGS or path == Path(__file__).resolve() or path.name == "LICENSE":
            continue
        for at, line in lines_of(path):
            if found := LEFTOVER.search(line):
                yield f"{name_of(path)}:{at}: '{found[1]}'; do it or open an issue"
            if found := LOCAL_PATH.search(line):
                yield f"{name_of(path)}:{at}: '{found[0]}...' is a path of one machine"
            if path.suffix in (".h", ".cc"):
                if COMMENTED_CODE.match(line):
                    yield f"{name_of(path)}:{at}: code in a comment; git remembers it"
                if HISTORY.search(line):
                    yield f"{name_of(path)}:{at}: a comment that tells history; say how it is"


def heads() -> Iterator[str]:
    for path in FILES:
        named = path.suffix in (".h", ".cc", ".py", ".sh", ".cmake", ".js", ".css") or path.name == "CMakeLists.txt"
        if not named:
            continue
        head = path.read_text(errors="replace").splitlines()[:2]
        if not any(SPDX in line for line in head):
            yield f"{name_of(path)}:1: the SPDX line is missing: // {SPDX}"
        if path.suffix == ".h" and "#pragma once" not in path.read_text():
            yield f"{name_of(path)}:1: #pragma once is missing"
        if path.suffix == ".h" and (len(head) < 2 or not head[1].startswith("//")):
            yield f"{name_of(path)}:2: a header begins with what it is: a comment below the SPDX line"


def third_party_in_headers() -> Iterator[str]:
    for path in SOURCES:
        if path.suffix != ".h" or not name_of(path).startswith("plimsoll/"):
            continue
        for at, line in lines_of(path):
            if (found := STD_ONLY_HEADERS.match(line)) and not SYSTEM_HEADER.match(found[1]):
                yield f"{name_of(path)}:{at}: <{found[1]}> in a header; keep it in the one .cc that adapts it"


def sizes() -> Iterator[str]:
    for path in (path for path in FILES if path.suffix in (".h", ".cc", ".js", ".css")):
        count = sum(1 for _ in lines_of(path))
        if count > FILE_LINES_MAX:
            yield f"{name_of(path)}:1: {count} lines; a file has one subject and under {FILE_LINES_MAX} lines"
    yield from function_sizes()


def function_sizes() -> Iterator[str]:
    ctags = shutil.which("ctags-universal") or shutil.which("ctags")
    if not ctags or "Universal" not in subprocess.run([ctags, "--version"], capture_output=True, text=True).stdout:
        print("tidy: no universal-ctags, so the lengths of functions go unread")
        return
    listed = subprocess.run([ctags, "--output-format=json", "--languages=C++", "--langmap=C++:.cc.h", "--kinds-C++=f",
                             "--fields=+ne", "-f", "-", *map(str, SOURCES)], capture_output=True, text=True, check=True)
    for tag in map(json.loads, listed.stdout.splitlines()):
        length = tag.get("end", tag["line"]) - tag["line"] + 1
        if length > FUNCTION_LINES_MAX:
            path = name_of(Path(tag["path"]))
            yield f"{path}:{tag['line']}: {tag['name']} has {length} lines; a function fits on a screen ({FUNCTION_LINES_MAX})"


def pages() -> Iterator[str]:
    for folder in sorted({path.parent for path in SOURCES if path.match("plimsoll/*/*_test.cc") and path.parent.name in ("base", "model")}):
        if not (folder / "README.md").is_file():
            yield f"{name_of(folder)}:1: no README.md: input -> output, three files to read first, invariants"
    for path in (path for path in FILES if path.suffix == ".md"):
        for at, line in lines_of(path):
            for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", line):
                if not re.match(r"[a-z]+:", target) and not (path.parent / target).exists():
                    yield f"{name_of(path)}:{at}: the link to '{target}' leads nowhere"


def written_pages() -> Iterator[str]:
    tool = ROOT / "tools" / "outputs_page.py"
    if tool.is_file():
        said = subprocess.run([sys.executable, str(tool), "--check"], capture_output=True, text=True)
        if said.returncode != 0:
            yield f"docs/reference/outputs.md:1: {said.stderr.strip()}"


RULES = [layer_violations, banned_calls, banned_names, leftovers, heads, third_party_in_headers, sizes, pages, written_pages]


def main() -> int:
    failed = 0
    for rule in RULES:
        findings = list(rule())
        failed += bool(findings)
        for finding in findings:
            print(finding)
    print(f"{len(RULES) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
