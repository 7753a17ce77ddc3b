#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""From paragraphs of a Debian package list to two tables, tab-separated: packages (name, section, installed KiB,
maintainer) and edges (name, a package that it depends on; of alternatives the first).

Usage: table.py PARAGRAPHS PACKAGES EDGES
"""
import re
import sys

NAME = re.compile(r"\s*([a-z0-9][a-z0-9+.-]+)")


def paragraphs(path):
    """Each paragraph as {field: its first line}."""
    with open(path, encoding="utf-8") as file:
        for text in file.read().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in text.splitlines() if ": " in line and line[0] != " ")
            if "Package" in fields:
                yield fields


def dependencies(fields):
    for field in ("Pre-Depends", "Depends"):
        for clause in fields.get(field, "").split(","):
            if found := NAME.match(clause):
                yield found[1]


def main():
    part, packages, edges = sys.argv[1:]
    with open(packages, "w", encoding="utf-8") as rows, open(edges, "w", encoding="utf-8") as pairs:
        for fields in paragraphs(part):
            name = fields["Package"]
            maintainer = fields.get("Maintainer", "-").partition(" <")[0].strip('"')
            print(name, fields.get("Section", "-"), fields.get("Installed-Size", 0), maintainer, sep="\t", file=rows)
            for other in sorted(set(dependencies(fields))):
                print(name, other, sep="\t", file=pairs)


main()
