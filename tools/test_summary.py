#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Closes a test run: reads the JUnit report that ctest wrote, lists what failed and what was skipped with its
reason, and ends in the line "N passed, N failed, N skipped" (also left in summary.txt beside the report).

What is counted are test cases. A doctest program counts its own ("[doctest] test cases: ..."), any other program
may close with a line "N passed, N failed[, N skipped]"; one that does neither is one case. A case that cannot run on
this machine says so on a line "SKIPPED case: reason" (PLIM_SKIP in tests/skip.h).

Usage: test_summary.py REPORT.xml; exit 1 where a test failed or none ran.
"""

import re
import sys
import xml.etree.ElementTree as tree
from dataclasses import dataclass, field
from pathlib import Path

DOCTEST = re.compile(r"^\[doctest\] test cases:\s*(\d+) \|\s*(\d+) passed \|\s*(\d+) failed", re.M)
OWN_COUNT = re.compile(r"^(\d+) passed, (\d+) failed(?:, \d+ skipped)?$", re.M)
SKIPPED = re.compile(r"^SKIPPED (.+)$", re.M)


@dataclass
class Count:
    passed: int = 0
    failed: int = 0
    failures: list[str] = field(default_factory=list)
    skips: list[str] = field(default_factory=list)


def count_test(name: str, status: str, message: str, output: str) -> Count:
    """The cases of one ctest test. One that never started (a program not built, a fixture that failed) has failed."""
    if message.startswith("SKIP_") or status == "disabled":
        reasons = SKIPPED.findall(output)
        return Count(skips=[f"{name}: {reasons[0] if reasons else message or 'disabled'}"])
    if status == "notrun":
        return Count(failed=1, failures=[f"{name}: {message}"])
    count = Count(skips=[f"{name}: {reason}" for reason in SKIPPED.findall(output)])
    if found := DOCTEST.search(output):
        count.passed, count.failed = int(found[2]) - len(count.skips), int(found[3])
    elif found := list(OWN_COUNT.finditer(output)):
        count.passed, count.failed = int(found[-1][1]), int(found[-1][2])
    elif status == "run" and not count.skips:
        count.passed = 1
    if status == "fail" and count.failed == 0:  # it crashed, timed out, or is one case
        count.failed = 1
    if count.failed:
        count.failures.append(name)
    return count


def message_of(case: tree.Element) -> str:
    skipped = case.find("skipped")
    return "" if skipped is None else skipped.get("message", "")


def main() -> int:
    report = Path(sys.argv[1])
    counts = [
        count_test(case.get("name"), case.get("status"), message_of(case), case.findtext("system-out") or "")
        for case in tree.parse(report).getroot().iter("testcase")
    ]
    passed, failed = sum(c.passed for c in counts), sum(c.failed for c in counts)
    skips = [skip for c in counts for skip in c.skips]
    for name in (name for c in counts for name in c.failures):
        print(f"failed: {name}")
    for skip in skips:
        print(f"skipped: {skip}")
    line = f"{passed} passed, {failed} failed, {len(skips)} skipped"
    report.with_name("summary.txt").write_text(line + "\n")
    print(line)
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
