#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The JSON Schema of workflow files against the examples, the reference page, and the key tables of the code.

Usage: workflow_schema_test.py PROJECT_ROOT
"""
import json
import pathlib
import re
import sys

import jsonschema
import yaml

root = pathlib.Path(sys.argv[1])
schema = json.loads((root / "docs/reference/schemas/workflow.schema.json").read_text())
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
failures = []


def check(condition, what):
    if not condition:
        failures.append(what)


def code_keys():
    """{"step_keys": ["command", ...], ...} from keys.h."""
    text = (root / "plimsoll/workflow/keys.h").read_text()
    return {name: re.findall(r'"([a-z_]+)"', body) for name, body in re.findall(r"(\w+_keys)\[\] = \{(.*?)\};", text, re.S)}


def accepts(document, where):
    for error in validator.iter_errors(document):
        failures.append(f"{where}: {'/'.join(map(str, error.absolute_path))}: {error.message}")


def step(**keys):
    return {"steps": {"a": {"command": "make", **keys}}}


keys = code_keys()
definitions = schema["$defs"]
for name, properties in {
    "workflow_keys": schema["properties"],
    "step_keys": definitions["step"]["properties"],
    "settings_keys": schema["properties"]["defaults"]["properties"],
    "request_keys": definitions["request"]["properties"],
    "limit_keys": definitions["limit"]["properties"],
    "retry_keys": definitions["retry"]["oneOf"][1]["properties"],
    "split_keys": definitions["split"]["oneOf"][1]["properties"],
}.items():
    check(sorted(keys[name]) == sorted(properties), f"{name}: the code reads {sorted(keys[name])}, the schema knows {sorted(properties)}")

examples = sorted((root / "examples").glob("*/*.yaml"))
check(examples, "no examples found")
for path in examples:
    accepts(yaml.safe_load(path.read_text()), path.relative_to(root))

page = root / "docs/reference/workflow.md"
blocks = re.findall(r"```yaml\n(.*?)```", page.read_text(), re.S)
whole = [block for block in blocks if re.search(r"^steps:", block, re.M)]
check(whole, f"{page}: no whole workflow among its examples")
for number, block in enumerate(whole, 1):
    accepts(yaml.safe_load(block), f"workflow.md, workflow {number}")
for key in keys["workflow_keys"] + keys["step_keys"] + keys["request_keys"] + keys["retry_keys"]:
    check(f"`{key}`" in page.read_text(), f"{page}: does not tell about `{key}`")

for wrong in (
    {},
    {"steps": {}},
    {"steps": {"a": {}}},
    {"steps": {"1a": {"command": "make"}}},
    step(comand="x"),
    step(request={"memroy": "1GiB"}),
    step(retry={"oom": 1}),
    step(outputs={"x": {"path": "p", "temp": True}}),
    step(scatter={"x": {"range": [1]}}),
    step(scatter={"x": []}),
    {"params": {"x": [1]}, **step()},
    {"nmae": "x", **step()},
):
    check(not validator.is_valid(wrong), f"the schema accepts {wrong}")

for failure in failures:
    print(failure)
print(f"{len(examples)} examples, {len(whole)} workflows of the reference, {len(failures)} failures")
sys.exit(bool(failures))
