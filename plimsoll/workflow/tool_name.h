// SPDX-License-Identifier: Apache-2.0
// The program that a command really runs, under which needs are learned across steps and workflows.
#pragma once

#include <string>
#include <string_view>

namespace plimsoll::workflow {

/// "bwa mem" of "set -e; cd x && time /opt/bin/bwa mem -t 4 ref.fa | samtools sort": the first real
/// program's file name, and the word after it where that is a plain one (a subcommand). Preparations (cd,
/// mkdir, set, assignments) and wrappers (time, nice, env) are passed over; "" when there is none to tell.
std::string tool_name(std::string_view command);

}  // namespace plimsoll::workflow
