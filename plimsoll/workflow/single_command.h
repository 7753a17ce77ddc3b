// SPDX-License-Identifier: Apache-2.0
// A single command as a workflow of one task, without a file: for `plimsoll exec`.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/workflow/load.h"
#include "plimsoll/workflow/workspace.h"

namespace plimsoll::workflow {

struct CommandRequest {
    std::vector<std::string> words;  ///< the program and its arguments, at least one
    std::string name;                ///< under which its runs gather; empty: by its tool and the shape of its arguments
    Request request;
    std::string folder;  ///< absolute, where it runs
};

/// The workflow's `file` is empty: by that a run of a single command is told from one of a file.
struct SingleCommand {
    Workflow workflow;
    Task task;          ///< points into the workflow
    Features features;  ///< its numbers, and the sizes of its files as they are now
};

/// Its files are those of its words that are regular files; `input` is the descriptor it reads from, which counts too
/// where it is one (-1: none). A failure is never tried again: what it read and printed cannot be taken back.
SingleCommand single_command(const CommandRequest& request, int input);

/// "memory=8G,cpu=2,time=1h": keys cpu, memory, time, disk, gpu, separated by commas or blanks.
Result<Request> parse_request(std::string_view text);

/// The workspace of commands whose files nobody declared: they run each time, and nothing is made, kept or set aside.
class BareWorkspace final : public Workspace {
public:
    explicit BareWorkspace(Features features) : features_(std::move(features)) {}
    Freshness examine(const Task& task) override;
    Result<void> prepare(const Task&, AttemptId) override { return {}; }
    Conclusion conclude(const Task&, AttemptId) override { return {}; }
    void set_aside(const Task&, AttemptId) override {}
    void delete_temporaries(const Task&) override {}

private:
    Features features_;
};

}  // namespace plimsoll::workflow
