# SPDX-License-Identifier: Apache-2.0
"""What a stage waits for its input, with reading ahead and without.

`compute` keeps a core busy for COMPUTE_S; `read` needs it and reads a file of READ_BYTES that is not in memory at the
beginning: its pages are given up before each run. Not how long `read` takes as a whole counts here, which is nearly
nothing but reading, but both that and the makespan are told. Where pages cannot be given up (tmpfs) there is nothing to
measure, and no row.
"""
import mmap
import os
import statistics

COMPUTE_S, READ_BYTES, TURNS = 3.0, 1 << 30, 3
WORKFLOW = f"""
steps:
  compute: {{outputs: computed, command: "python3 burn.py {COMPUTE_S} && touch computed", request: {{cpu: 1, memory: 32MiB, time: {COMPUTE_S + 0.5}s}}}}
  read: {{inputs: [computed, large], outputs: sum, command: "cksum large > sum", request: {{cpu: 1, memory: 64MiB, time: 5s}}}}
"""


def give_up(path):
    """Writes it out and drops its pages; gives the share that is still in memory."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return share_in_memory(path)


def share_in_memory(path):
    import ctypes
    size = os.path.getsize(path)
    with open(path, "r+b") as file, mmap.mmap(file.fileno(), size) as mapped:
        pages = (ctypes.c_ubyte * ((size + mmap.PAGESIZE - 1) // mmap.PAGESIZE))()
        start = ctypes.addressof(ctypes.c_char.from_buffer(mapped))
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.mincore(ctypes.c_void_p(start), ctypes.c_size_t(size), pages) != 0:
            raise OSError(ctypes.get_errno(), "mincore")
        return sum(page & 1 for page in bytes(pages)) / len(pages)


def runtime_s(ended, step):
    return next(event["used"]["runtime_s"] for event in ended.of("task_finished") if event["step"] == step)


def measure(desk, _):
    desk.write("w.yaml", WORKFLOW)
    large = desk.folder / "large"
    with open(large, "wb") as file:
        for _ in range(READ_BYTES >> 20):
            file.write(os.urandom(1 << 20))
    if give_up(large) > 0.01:
        return
    seen = {"on": [], "off": []}
    for turn in range(TURNS):  # in turn, so that what else the machine does meets both
        for mode in ("off", "on"):
            give_up(large)
            ended = desk.run("w.yaml", "--force", "--prefetch", mode, "--sizing", "requests")
            seen[mode].append((runtime_s(ended, "read"), ended.makespan_s()))
    for mode, rows in seen.items():
        yield {"prefetch": mode, "read_bytes": READ_BYTES, "turns": TURNS,
               "stage_s": statistics.median(row[0] for row in rows), "makespan_s": statistics.median(row[1] for row in rows)}
    large.unlink()
