#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs a test program on cgroup v2 with its controllers, on a machine that has v1: in a User-Mode Linux
# that boots this very file system read-only in two seconds.
#
# Usage: cgroup_v2_in_uml.sh TEST_PROGRAM [ITS ARGUMENTS]; absolute paths, the program begins in an empty folder
set -eu
skip() { echo "SKIPPED on cgroup v2: $*"; exit 0; }
command -v linux.uml > /dev/null || skip "no linux.uml; apt install user-mode-linux"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cat > "$scratch/init.sh" <<INIT
#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin TMPDIR=/run PLIMSOLL_LOAD='${PLIMSOLL_LOAD:-}'
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs -o mode=1777 tmp /run
mount -t cgroup2 cgroup /sys/fs/cgroup
for controller in cpu io memory pids; do echo +\$controller > /sys/fs/cgroup/cgroup.subtree_control; done
cd /run
$(for word in "$@"; do printf "'%s' " "$word"; done)
echo "exit code \$?; groups left: \$(find /sys/fs/cgroup -name 'plimsoll*' | wc -l)"
echo o > /proc/sysrq-trigger
sleep 5
INIT
chmod 755 "$scratch" "$scratch/init.sh"
timeout -k 5 100 linux.uml mem=512M root=/dev/root rootfstype=hostfs ro init="$scratch/init.sh" uml_dir="$scratch" \
    con=null con0=null,fd:2 con1=fd:0,fd:1 quiet cgroup_no_v1=all < /dev/null > "$scratch/output" 2>&1 || true
if ! grep -q '^exit code' "$scratch/output"; then
    tail -n 3 "$scratch/output"
    skip "User-Mode Linux does not boot here"
fi
grep -v 'SELinux\|mmapper_init\|ubd device\|^$' "$scratch/output"
grep -q '^exit code 0; groups left: 0' "$scratch/output"
