# SPDX-License-Identifier: Apache-2.0
"""What ./dev soak simulate prints is true to its schema, and it counts what it plays.

Usage: random_scenarios_test.py RANDOM_SCENARIOS
"""
import json
import os
import subprocess
import sys

import jsonschema

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

done = subprocess.run([sys.argv[1], "--seed", "1", "--seeds", "20", "--json"], text=True, capture_output=True, timeout=50)
told = json.loads(done.stdout)
with open(f"{ROOT}/docs/reference/schemas/soak_simulate.schema.json") as file:
    jsonschema.validate(told, json.load(file))
wrong = [] if (done.returncode, told["seeds"], told["broken"]) == (0, 20, 0) else [f"{done.returncode}: {told}"]
wrong += [] if subprocess.run([sys.argv[1], "--sed", "1"], capture_output=True).returncode == 2 else ["a misspelt option is taken"]
print("\n".join(wrong))
print(f"{2 - len(wrong)} passed, {len(wrong)} failed")
sys.exit(bool(wrong))
