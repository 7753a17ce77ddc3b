// SPDX-License-Identifier: Apache-2.0
// Snakemake's benchmark files: a table (s, h:m:s, max_rss ... in MiB, mean_load in percent) or one JSON object a line;
// extended ones name rule, job, wildcards, threads, resources and the sizes of inputs. Others name no rule: then it is
// `ReadOptions::step`, or the folder the file lies in (benchmarks/align/s1.tsv), or the file's own name.
//
// max_rss adds up what processes share once for each; max_pss does not and is taken where it is told.
#pragma once

#include "plimsoll/exchange/imported.h"
#include "plimsoll/exchange/pieces.h"

namespace plimsoll::exchange {

/// Errors: invalid where the first line is none of either.
Result<void> read_snakemake(Lines& lines, const ReadOptions& options, Into& into);

/// The rule that a file of this name is of: "align" of "benchmarks/align/s1.tsv" and of "bench/align.tsv".
std::string rule_of_file(std::string_view path);
/// The number behind the key in a dictionary as Python or JSON write it: 1000 of "{'mem_mb': 1000}" for "mem_mb".
std::optional<double> number_behind(std::string_view dictionary, std::string_view key);
/// The sum of its values: 3.5 of "{'a.fq': 1.5, 'b.fq': 2}", and how many there are.
struct Sum {
    double total = 0;
    std::uint32_t count = 0;
};
Sum sum_of_values(std::string_view dictionary);

}  // namespace plimsoll::exchange
