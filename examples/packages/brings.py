#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What each package brings along: how many packages it needs, directly or through others, and their MB together with
its own. Sets of packages are kept as the bits of one large number each, so that joining two of them is one operation;
packages that need each other share one.

Usage: brings.py NAMES PACKAGES EDGES... > table of name, packages, MB
"""
import sys


def read(path):
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file]


def closures(graph, starts):
    """{package: bits of all it reaches, itself included}, by Tarjan's components, without recursion."""
    order, low, reached, stack = {}, {}, {}, []
    for start in starts:
        path = [] if start in order else [(start, iter(graph[start]))]
        if path:
            order[start] = low[start] = len(order)
            stack.append(start)
        while path:
            node, others = path[-1]
            for other in others:
                if other not in order:
                    order[other] = low[other] = len(order)
                    stack.append(other)
                    path.append((other, iter(graph[other])))
                    break
                if other not in reached:
                    low[node] = min(low[node], order[other])
            else:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
                if low[node] == order[node]:
                    close(graph, node, stack, reached)
    return reached


def close(graph, root, stack, reached):
    """Takes the component of `root` off the stack; all of it reaches the same."""
    at = len(stack) - 1
    while stack[at] != root:
        at -= 1
    members, bits = stack[at:], 0
    del stack[at:]
    for member in members:
        bits |= 1 << member
        for other in graph[member]:
            bits |= reached.get(other, 0)
    for member in members:
        reached[member] = bits


def positions(bits):
    digits = bin(bits)[:1:-1]
    at = digits.find("1")
    while at >= 0:
        yield at
        at = digits.find("1", at + 1)


def main():
    names, packages, *edges = sys.argv[1:]
    rows = read(packages)
    number = {row[0]: at for at, row in enumerate(rows)}
    kib = [int(row[2]) for row in rows]
    graph = [[] for _ in rows]
    for path in edges:
        for name, other in read(path):
            if other in number:
                graph[number[name]].append(number[other])
    starts = [number[row[0]] for row in read(names)]
    reached = closures(graph, starts)
    for start in starts:
        bits = reached[start]
        print(rows[start][0], bits.bit_count() - 1, round(sum(kib[at] for at in positions(bits)) * 1.024e-3, 1), sep="\t")


main()
