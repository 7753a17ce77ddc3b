// SPDX-License-Identifier: Apache-2.0
// Where files go that stand in the way or must not be trusted: out of the user's sight, never lost.
//
//     <workflow folder>/.plimsoll/set-aside/<run>/<task>[.<attempt>]/<path as declared>
//
// A move is one rename: no copy, no half, and nothing that is there is ever overwritten (a second file of
// a name gets ".1"). A file on another file system than the workflow's folder cannot be renamed there; it
// goes to a folder `.plimsoll/set-aside/<run>/...` beside itself, and the workflow's set-aside folder names
// that place in its list `elsewhere`, so that pruning finds it.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "plimsoll/base/result.h"
#include "plimsoll/model/run.h"

namespace plimsoll::workflow {

class SetAside {
public:
    /// `folder`: absolute. Makes nothing until something is moved.
    SetAside(std::string folder, RunId run) : folder_(std::move(folder)), run_(std::move(run)) {}

    /// Moves what is at `path` (a file, a link itself, or a folder with all that is in it) into the drawer
    /// of that name, such as "align[s1].2". Gives where it is, relative to the folder where possible.
    Result<std::string> move(const std::string& path, std::string_view drawer) const;

private:
    std::string folder_;
    RunId run_;
};

/// Deletes what was set aside, but for the latest runs. Gives the number of runs it deleted.
Result<int> prune_set_aside(const std::string& folder, int keep_latest_runs);

/// Deletes a file, a link (never what it points to), or a folder with all that is in it, in the open
/// folder `at`. Nothing there: fine.
Result<void> remove_entry(int at, const std::string& path);

/// What to do about a failed file operation, after ": " in the message: disk full, read-only, no
/// permission; empty when there is no advice.
std::string remedy_for(int error_number);
Error with_remedy(Error error, int error_number);

/// A name as one path component: '/' and control characters become '_', long ones are cut and hashed.
std::string as_component(std::string_view name);

}  // namespace plimsoll::workflow
