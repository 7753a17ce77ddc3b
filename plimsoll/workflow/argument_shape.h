// SPDX-License-Identifier: Apache-2.0
// What a command line tells of its need before it runs: under which shape its past runs gather, which of its words
// are numbers, and which may be files.
//
// The shape keeps what says how the program is used (its name, its options, the kinds of its files) and leaves out what
// differs from one use to the next: "bwa mem -t 8 ref.fa s1.fq.gz s2.fq.gz" and "bwa mem -t 4 ref.fa x.fq.gz y.fq.gz"
// are both "bwa mem -t # *.fa *.fq.gz...". Numbers and sizes of files then tell the uses apart, as features.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace plimsoll::workflow {

struct ArgumentShape {
    std::string tool;   ///< as tool_name(); the program's file name where that has none to tell
    std::string shape;  ///< at most 200 bytes
    /// By the option they belong to ("-t", "--depth"), or by their place among the numbers ("#1").
    std::vector<std::pair<std::string, double>> numbers;
    std::vector<std::string> maybe_files;  ///< words that are no options, and values of "--option=value"
};

/// `words`: the program and its arguments, at least one.
ArgumentShape argument_shape(std::span<const std::string> words);

}  // namespace plimsoll::workflow
