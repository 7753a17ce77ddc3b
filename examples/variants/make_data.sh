#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes the data of examples/variants in FOLDER, from Debian packages alone; does nothing where it is there.
#
#   ecoli.fa, eco01 ... eco17   the genome of E. coli 536 (NC_008253.1, from bowtie-examples) and paired reads of
#                               six strains of it, simulated by wgsim at 1, 1, 2, 3, 5 and 17-fold depth; the
#                               seeds are fixed, so that every machine has the same reads
#   lambda.fa, lambda           the genome and the real reads of phage lambda that come with bowtie2-examples
#
# Usage: make_data.sh FOLDER
set -euo pipefail
folder=${1:?usage: make_data.sh FOLDER}
bowtie=/usr/share/doc/bowtie/examples bowtie2=/usr/share/doc/bowtie2/examples
read_length=150 genome_length=4938920

if [ -f "$folder/complete" ]; then exit 0; fi
for file in $bowtie/genomes/NC_008253.fna.gz $bowtie2/reads/reads_1.fq.gz; do
    [ -f "$file" ] || { echo "make_data.sh: $file is missing; install bowtie-examples and bowtie2-examples" >&2; exit 3; }
done
rm -rf "$folder.part"
mkdir -p "$folder.part"

simulate() {  # SAMPLE DEPTH SEED
    local at=$folder.part/$1 pairs=$((genome_length * $2 / (2 * read_length)))
    # 0.2 % of the positions differ from the genome, and 0.3 % of the bases are misread.
    wgsim -S "$3" -N $pairs -1 $read_length -2 $read_length -r 0.002 -e 0.003 \
        "$folder.part/ecoli.fa" "$at"_1.fq "$at"_2.fq >"$at".mutations 2>/dev/null
    gzip -1 "$at"_1.fq & gzip -1 "$at"_2.fq
    wait
}

gzip -dc $bowtie/genomes/NC_008253.fna.gz | sed 's/^>.*/>NC_008253.1/' >"$folder.part/ecoli.fa"
simulate eco01 1 101
simulate eco01b 1 102
simulate eco02 2 103
simulate eco03 3 104
simulate eco05 5 105
simulate eco17 17 106

gzip -dc $bowtie2/reference/lambda_virus.fa.gz >"$folder.part/lambda.fa"
cp $bowtie2/reads/reads_1.fq.gz "$folder.part/lambda_1.fq.gz"
cp $bowtie2/reads/reads_2.fq.gz "$folder.part/lambda_2.fq.gz"

touch "$folder.part/complete"
rm -rf "$folder"
mv "$folder.part" "$folder"
