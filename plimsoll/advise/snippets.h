// SPDX-License-Identifier: Apache-2.0
// Advice in the words of the tools that people ask for resources in: lines to paste, comments included.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "plimsoll/advise/advice.h"

namespace plimsoll::advise {

/// Fewer instances than this say too little to be written into somebody's configuration; they are told in a comment.
constexpr std::size_t least_samples = 3;

/// `process { withName: 'X' { ... } }`; a failed attempt is tried again with more.
std::string nextflow_config(std::span<const KindAdvice> all);
/// A profile's set-threads and set-resources, for Snakemake 8 and later; a failed attempt is tried again with more.
std::string snakemake_profile(std::span<const KindAdvice> all);
/// The same as Snakemake 7 reads it: lists, and amounts that cannot depend on the attempt.
std::string snakemake7_profile(std::span<const KindAdvice> all);
/// #SBATCH lines for each kind of job.
std::string sbatch_lines(std::span<const KindAdvice> all);

}  // namespace plimsoll::advise
