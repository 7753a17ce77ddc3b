// SPDX-License-Identifier: Apache-2.0
// Under which kind of task an attempt is learnt. Other tools name jobs, not kinds: what tells one job from the next
// (numbers, samples in brackets, ids) is taken off, so that history gathers under what they have in common.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plimsoll/model/task.h"

namespace plimsoll::exchange {

struct NamingOptions {
    std::string workflow = {};             ///< the workflow of all; empty: as the file says
    std::vector<std::string> groups = {};  ///< glob patterns: names that match one are that kind
    std::vector<TaskKind> as = {};         ///< kinds that are known: a step that is called like one of them is that one
    std::function<std::string(std::string_view command)> tool_of = {};  ///< none: tools are unknown
};

/// "align_17" -> "align_#", "SRR1234567_trim" -> "SRR#_trim", "nf-ALIGN_(s1)" -> "ALIGN", "snakejob.call.12.sh" ->
/// "call": words of digits alone and runs of three digits or more tell instances apart, short ones often tools (bwa2).
std::string kind_name(std::string_view job_name);

class KindNames {
public:
    explicit KindNames(NamingOptions options);
    /// `step`: the name as it counts; `command` may be empty.
    const TaskKind& kind(std::string_view workflow, std::string_view step, std::string_view command);
    /// The same of a job's name, which kind_name makes a step's.
    const TaskKind& kind_of_job(std::string_view workflow, std::string_view name);

private:
    TaskKind find(std::string_view workflow, std::string_view step, std::string_view command) const;

    NamingOptions options_;
    std::unordered_map<std::string, TaskKind> known_;  ///< by what was asked; bounded
    std::string key_;
};

}  // namespace plimsoll::exchange
