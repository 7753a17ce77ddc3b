#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What docs/howto/container.md says about cgroup v2: in a group and a cgroup namespace of its own, as a container is, tasks have
# hard limits once enter.sh of that page has moved the shell aside, and not before; with a read-only tree there are none.
#
# Usage: cgroup_v2_in_uml.sh /abs/in_a_container.sh PLIMSOLL PAGE
set -eu
if [ "${1:-}" != within ]; then
    mkdir -p box && cd box
    sed -n '/^```bash file: enter.sh/,/^```$/p' "$2" | sed '1d;$d' > enter.sh
    grep -q cgroup.procs enter.sh
    echo "steps: {a: {request: {memory: 64MiB, cpu: 0.5}, command: 'cat /proc/self/cgroup > groups; sleep 0.2'}}" > w.yaml
    mkdir /sys/fs/cgroup/box
    echo $$ > /sys/fs/cgroup/box/cgroup.procs
    exec unshare --cgroup --mount "$0" within "$1"
fi

notes() { "$2" run w.yaml --history h.db --force > "$1.out" 2>&1; grep -e 'memory controller is not' -e 'no cgroups' "$1.out" || true; }
expect() { [ "$2" = "$3" ] || { echo "$1: '$3', not '$2'"; exit 1; }; }

umount /sys/fs/cgroup
mount -t cgroup2 cgroup /sys/fs/cgroup
expect "as it begins" "note: the memory controller is not handed down to this user's cgroup: tasks have no hard memory limit" \
    "$(notes begin "$2")"
sh ./enter.sh true  # this shell is among those that it moves
expect "after enter.sh" "" "$(notes entered "$2")"
case $(cat groups) in 0::/plimsoll/*) ;; *) echo "the task stood in $(cat groups)"; exit 1 ;; esac
mount -o remount,ro /sys/fs/cgroup
expect "read-only" "note: no cgroups that this user may use: tasks have no hard memory limit, and are measured through /proc; \`plimsoll doctor\` tells what would help" \
    "$(notes read_only "$2")"
