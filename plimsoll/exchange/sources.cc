// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/exchange/sources.h"

#include "plimsoll/exchange/gnu_time.h"
#include "plimsoll/exchange/nextflow.h"
#include "plimsoll/exchange/sacct.h"
#include "plimsoll/exchange/snakemake.h"
#include "plimsoll/exchange/wfformat.h"

namespace plimsoll::exchange {
namespace {

constexpr Source all[] = {
    {"sacct", "Slurm's accounting: the output of sacct -P", read_sacct},
    {"nextflow", "Nextflow's trace: nextflow run -with-trace", read_nextflow},
    {"snakemake", "Snakemake's benchmark files, tables or JSON lines", read_snakemake},
    {"wfformat", "Workflows that were run, in WfFormat (wfcommons.org)", read_wfformat},
    {"gnu-time", "Logs with reports of GNU time: /usr/bin/time -v", read_gnu_time},
};

}  // namespace

std::span<const Source> sources() { return all; }

const Source* find_source(std::string_view name) {
    for (const Source& source : all)
        if (source.name == name) return &source;
    return nullptr;
}

}  // namespace plimsoll::exchange
