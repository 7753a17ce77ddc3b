# SPDX-License-Identifier: Apache-2.0
"""What a run may have left behind: processes that carry its mark, cgroups with its name. Read from outside."""
import glob
import os


def marked_processes():
    """pid -> run id of every process that carries Plimsoll's mark."""
    found = {}
    for path in glob.glob("/proc/[0-9]*/environ"):
        try:
            with open(path, "rb") as file:
                entries = file.read().split(b"\0")
        except OSError:
            continue
        for entry in entries:
            if entry.startswith(b"PLIMSOLL_RUN="):
                found[int(path.split("/")[2])] = entry[13:].decode()
    return found


def run_groups(runs):
    """The cgroups that belong to these runs, in every hierarchy."""
    groups = glob.glob("/sys/fs/cgroup/**/plimsoll/*", recursive=True)
    return [g for g in groups if os.path.isdir(g) and any(run in os.path.basename(g) for run in runs)]
