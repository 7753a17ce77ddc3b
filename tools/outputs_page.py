#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/reference/outputs.md from the JSON Schemas beside it; --check only says whether it agrees.

Each schema gives a section: a line for each key, nested ones by their path (`attempts.grown`, `steps[].task`), with its
type, its unit (the end of its name says it) and its description.
"""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCHEMAS = ROOT / "docs" / "reference" / "schemas"
PAGE = ROOT / "docs" / "reference" / "outputs.md"
UNITS = {"_bytes": "bytes", "_cores": "cores", "_gbh": "GB x h", "_ch": "core x h", "_percent": "%",
         "_us": "microseconds", "_ms": "milliseconds", "_s": "seconds"}
NOT_PRINTED = ("workflow.schema.json", "config.schema.json")  # what goes in, told by workflow.md and config.md
HEAD = """# What programs read

Every `--json` prints one JSON object on standard output and nothing else; `run` and `attach` print one a line. Keys stay:
later versions add some, and take none away. A name ends in its unit. Messages go to standard error; what an exit code
means is told [here](cli.md#exit-codes).

```console
$ plimsoll run examples/hello/hello.yaml --json > events.jsonl
$ python3 -c 'import json; print([json.loads(line)["event"] for line in open("events.jsonl")])'
['run_started', 'task_started', 'task_finished', 'run_finished']
$ plimsoll show last --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["tasks"])'
{...'finished': 1...}
```

This page is written by `tools/outputs_page.py` from the [JSON Schemas](schemas), which the tests hold each output
against. `?` marks keys that are not always there.
"""


def resolved(node, whole):
    """The node with what it refers to, or consists of (allOf), taken in."""
    if "$ref" in node:
        target = whole
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = {**resolved(target, whole), **{key: value for key, value in node.items() if key != "$ref"}}
    for part in node.get("allOf", []):
        if "$ref" in part:
            base = resolved(part, whole)
            node = {**base, **node, "properties": {**base.get("properties", {}), **node.get("properties", {})},
                    "required": base.get("required", []) + node.get("required", [])}
    return node


def choices(node, whole):
    """The sorts of value that a node may be; without null."""
    either = node.get("anyOf") or (node.get("oneOf") if "properties" not in node else None) or [node]
    return [resolved(each, whole) for each in either if each.get("type") != "null"]


def type_of(node, whole):
    if "enum" in node:
        return "one of " + ", ".join(f"`{value}`" for value in node["enum"])
    if "const" in node:
        return f"`{node['const']}`"
    sorts = node.get("type", [each.get("type", "any") for each in node.get("anyOf", node.get("oneOf", []))] or "any")
    sorts = [sorts] if isinstance(sorts, str) else list(dict.fromkeys(map(str, sorts)))
    words = {"array": "list", "boolean": "true or false", "integer": "whole number"}
    if "array" in sorts and "items" in node and "properties" not in resolved(node["items"], whole):
        words["array"] = "list of " + type_of(resolved(node["items"], whole), whole)
    return " or ".join(words.get(sort, sort) for sort in sorts)


def unit_of(path, node):
    if "number" not in str(node.get("type")) and "integer" not in str(node.get("type")) and "anyOf" not in node:
        return ""
    for name in reversed(re.split(r"[.\[\]]+", path)):  # memory_bytes.p50 is in bytes too
        for ending, unit in UNITS.items():
            if name.endswith(ending):
                return unit
    return ""


def rows(node, whole, path=""):
    """(path, always there?, type, unit, description) of each key beneath the node, in the schema's order."""
    for key, value in node.get("properties", {}).items():
        value = resolved(value, whole)
        at = f"{path}.{key}" if path else key
        yield at, key in node.get("required", []), type_of(value, whole), unit_of(at, value), value.get("description", "")
        for choice in choices(value, whole):
            yield from rows(choice, whole, at)
            if "items" in choice:
                for each in choices(resolved(choice["items"], whole), whole):
                    yield from rows(each, whole, at + "[]")
    extra = node.get("additionalProperties")
    if isinstance(extra, dict):
        extra = resolved(extra, whole)
        if "properties" in extra:
            yield from rows(extra, whole, f"{path}.NAME" if path else "NAME")


def table(node, whole):
    lines = ["| key | is | |", "|---|---|---|"]
    for path, always, sort, unit, description in rows(node, whole):
        meaning = "; ".join(part for part in (unit, description) if part).replace("|", "\\|")
        lines.append(f"| `{path}`{'' if always else ' ?'} | {sort} | {meaning} |")
    return lines if len(lines) > 2 else []


def section(path):
    schema = json.loads(path.read_text())
    lines = ["", f"## {schema['title']}", "", f"[schemas/{path.name}](schemas/{path.name})", ""]
    named = [each["$ref"].rsplit("/", 1)[1] for each in schema.get("oneOf", []) if "$ref" in each]
    if not named:
        return lines + table(resolved(schema, schema), schema)
    for name in named:
        node = resolved(schema["$defs"][name], schema)
        lines += [f"### {name}", "", *table(node, schema), ""]
    return lines[:-1]


def page():
    paths = sorted(SCHEMAS.glob("*.schema.json"), key=lambda path: (path.name.startswith(("bench_", "soak_")), path.name))
    lines = [line for path in paths if path.name not in NOT_PRINTED for line in section(path)]
    return HEAD + "\n".join(lines) + "\n"


def main():
    fresh = page()
    if "--check" in sys.argv:
        agrees = PAGE.exists() and PAGE.read_text() == fresh
        sys.exit(0 if agrees else "it is not what the schemas say; run tools/outputs_page.py")
    PAGE.write_text(fresh)


main()
