#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/reference/environment.md against the code: every environment variable that the program reads or sets stands on
the page, and every one on the page is in the code.

Usage: environment_test.py PROJECT_ROOT
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
page = (root / "docs/reference/environment.md").read_text()
sources = [path for folder in ("apps", "plimsoll") for suffix in ("*.h", "*.cc") for path in (root / folder).rglob(suffix)
           if not re.search(r"_(?:test\.cc|bench\.cc|fuzz\.cc|for_test\.h)$", path.name)]
code = "\n".join(path.read_text() for path in sources)

READS = r'\b(?:getenv|secure_getenv|variable|from_environment)\("([A-Z][A-Z0-9_]*)"\)'
named = set(re.findall(READS, code)) | set(re.findall(r'"(PLIMSOLL_(?:RUN|TASK|ATTEMPT|OWNER))"', code))
told = set(re.findall(r"^\| `([A-Z][A-Z0-9_]*)`", page, re.M))
failures = [f"{name} is read or set by the program and not on the page" for name in sorted(named - told)]
failures += [f"{name} is on the page and not in the program" for name in sorted(told) if f'"{name}"' not in code]
if not named:
    failures.append("no variable found in the code; has the way to read them changed?")

print("\n".join(failures))
print(f"{len(named | told) - len(failures)} passed, {len(failures)} failed")
sys.exit(bool(failures))
