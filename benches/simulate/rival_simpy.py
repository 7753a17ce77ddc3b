#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The jobs of `plimsoll-bench simulate --mode fifo` in SimPy: first come, first served, on the same number of cores, but as
one pool: it chooses no nodes. CPU time and events a second; an event is a job that comes or one that ends.

usage: rival_simpy.py TASKS NODES   (needs the package simpy, from PyPI)
"""
import random
import sys
import time

import simpy

tasks, cores = int(sys.argv[1]), 64 * int(sys.argv[2])
random.seed(1)
world = simpy.Environment()
pool = simpy.Container(world, init=cores, capacity=cores)


def job(need, runtime_s):
    yield pool.get(need)
    yield world.timeout(runtime_s)
    yield pool.put(need)


def source(a_second):
    for _ in range(tasks):
        yield world.timeout(random.expovariate(a_second))
        world.process(job(random.randint(1, 16), 1 + 598 * random.random()))


world.process(source(0.8 * cores / 8.5 / 300))
begin = time.process_time()
world.run()
used_s = time.process_time() - begin
print(f"simpy {simpy.__version__}: {tasks} jobs, {cores} cores: {used_s:.2f} CPU s, {2 * tasks / used_s:.0f} events/CPU s")
