#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A runner that waits for its tasks sleeps: it wakes to sample and to record, nothing else.

Usage: idle_test.py PLIMSOLL
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

WORKFLOW = """
steps:
  doze:
    outputs: done
    command: sleep 3; touch {output}
    request: {cpu: 1, memory: 64MiB}
"""
# 10 samples a second at 0.1-0.2 ms each and the start of the program come to 0.03 s; a loop that spins burns 2 s or
# more of the three. On a busy machine CPU time hardly grows.
CPU_S_MAX = 0.5


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="plimsoll-idle-") as folder:
        Path(folder, "doze.yaml").write_text(WORKFLOW)
        command = [str(Path(sys.argv[1]).resolve()), "run", "doze.yaml", "--history", "history.db"]
        ran = subprocess.run(["bash", "-c", 'TIMEFORMAT="%U %S"; time "$@"', "-", *command], cwd=folder,
                             capture_output=True, text=True, timeout=60,
                             env=os.environ | {"PLIMSOLL_LEDGER": f"{folder}/ledger"})
    if ran.returncode != 0:
        print(ran.stderr)
        return 1
    cpu_s = sum(map(float, ran.stderr.split()[-2:]))
    print(f"{cpu_s:.2f} s of CPU time in 3 s of waiting; at most {CPU_S_MAX}")
    return 0 if cpu_s <= CPU_S_MAX else 1


if __name__ == "__main__":
    sys.exit(main())
