#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/reference/cli.md against the program: every command, action and flag that --help knows stands in its section,
and every flag in a section is one that --help knows.

Usage: cli_test.py PLIMSOLL PAGE
"""
import re
import subprocess
import sys

plimsoll, page = sys.argv[1], open(sys.argv[2], encoding="utf-8").read()
sections = {name: text for name, text in re.findall(r"^## plimsoll (\w+)\n(.*?)(?=^## |\Z)", page, re.M | re.S)}
failures, claims = [], 0


def check(holds, what):
    global claims
    claims += 1
    if not holds:
        failures.append(what)


def helped(*words):
    return subprocess.run([plimsoll, *words, "--help"], capture_output=True, text=True, timeout=20, check=True).stdout


def flags_of(text):
    """What stands at the beginning of a line of --help."""
    lines = re.findall(r"^  (-[\w-]+(?:, -[\w-]+)*)", text, re.M)
    return {flag for line in lines for flag in line.split(", ")} - {"-h", "--help", "--version"}


def subcommands_of(text):
    return re.findall(r"^  ([\w-]+) ", text.partition("\nCommands:\n")[2].partition("\n\n")[0], re.M)


commands = subcommands_of(helped())
check(commands, "--help lists no commands")
check(sorted(sections) == sorted(commands), f"sections {sorted(sections)}, commands {sorted(commands)}")
for command in commands:
    section = sections.get(command, "")
    actions = subcommands_of(helped(command))
    known = set().union(flags_of(helped(command)), *(flags_of(helped(command, action)) for action in actions))
    for action in actions:
        check(f"| `{action}" in section, f"the action {command} {action} is not on the page")
    for flag in sorted(known):
        check(re.search(rf"`{flag}[ `]", section), f"{command} {flag} is not on the page")
    for flag in re.findall(r"`(--?[a-z][\w-]*)", section):
        check(flag in known | {"--help"}, f"the page has {command} {flag}, the program has not")
for code in (0, 1, 2, 3, 130):
    check(f"| {code} |" in page, f"exit code {code} is not on the page")

print("\n".join(failures))
print(f"{claims - len(failures)} passed, {len(failures)} failed")
sys.exit(bool(failures))
