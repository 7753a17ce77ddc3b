# SPDX-License-Identifier: Apache-2.0
"""Claims about JSON: true to a schema of docs/reference/schemas."""
import json
import os

import jsonschema

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCHEMAS = os.path.join(ROOT, "docs", "reference", "schemas")


def schema(name):
    with open(os.path.join(SCHEMAS, f"{name}.schema.json")) as file:
        return json.load(file)


def assert_true_to(case, name, document, definition=None):
    rules = schema(name)
    if definition:
        rules = {**rules, "oneOf": [{"$ref": f"#/$defs/{definition}"}]}
    errors = [f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
              for error in jsonschema.Draft202012Validator(rules).iter_errors(document)]
    case.assertEqual(errors, [])
