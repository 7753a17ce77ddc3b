#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs variants.yaml three times from a fresh history, each time from fresh results, and prints for each run what
# the workflow asked for, what Plimsoll reserved, what was used and what was wasted of the reservations.
#
# Usage: demo.sh PLIMSOLL [WORK_FOLDER [RUNS]]; the data is made once, under $XDG_CACHE_HOME/plimsoll.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
plimsoll=$(realpath "${1:?usage: demo.sh PLIMSOLL [WORK_FOLDER [RUNS]]}")
work=${2:-$here/../../build/demo}
runs=${3:-3}
data=${XDG_CACHE_HOME:-$HOME/.cache}/plimsoll/variants-1

# The machine's share of what nf-core's labels ask for; see the head of variants.yaml.
scaled() {
    awk -v cores="$(nproc)" -v memory_kib="$(awk '/^MemTotal/ {print $2}' /proc/meminfo)" '
        function label(name, label_cores, label_gb,    c) {
            c = int(label_cores * cores / 16 + 0.5)
            printf "--set %s_cores=%d --set %s_memory=%dMB ", name, c < 1 ? 1 : c, name, label_gb * memory_kib * 1.024e-3 / 128
        }
        BEGIN { label("single", 1, 6); label("medium", 6, 36); label("high", 12, 72) }'
}

rm -rf "$work"
mkdir -p "$work"
echo "data: $data"
"$here/make_data.sh" "$data"
ln -s "$data" "$work/data"
cp "$here/variants.yaml" "$work/"
cd "$work"
read -ra requests <<<"$(scaled)"
echo "requests, as large a share of this machine as nf-core's are of theirs:"
printf '  %s\n' "${requests[@]}" | grep -v -- --set

for ((run = 1; run <= runs; ++run)); do
    rm -rf results
    echo
    echo "== run $run of $runs"
    "$plimsoll" run variants.yaml --history history.db "${requests[@]}"
    "$plimsoll" show last --history history.db --json >"run-$run.json"
done

echo
python3 "$here/table.py" run-*.json
echo
echo "To look at the last run: $plimsoll report --history $PWD/history.db"
