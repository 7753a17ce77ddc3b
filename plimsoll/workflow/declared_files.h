// SPDX-License-Identifier: Apache-2.0
// DeclaredFiles: which task makes which path. The outputs of all tasks, found by path, by the folder or
// the pattern that was declared for them, and by a pattern that asks for them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plimsoll/model/task.h"

namespace plimsoll::workflow {

class DeclaredFiles {
public:
    struct Declared {
        std::string_view path;
        TaskId task = 0;
    };

    void reserve(std::size_t count) { by_path_.reserve(count); }

    /// Adds an output; its text outlives this. Gives the task that declared the same path before, if any
    /// did (the first keeps it).
    std::optional<TaskId> add(std::string_view path, TaskId task);

    /// The task that declared the path itself, a folder it lies in, or a pattern that it matches.
    std::optional<TaskId> maker_of(std::string_view path) const;

    /// The declared folder that the path lies in.
    std::optional<Declared> folder_around(std::string_view path) const;

    /// The declared paths that match the pattern, sorted. Not const: sorts on the first call after add().
    std::vector<Declared> matching(std::string_view pattern);

private:
    std::unordered_map<std::string_view, TaskId> by_path_;
    std::vector<Declared> patterns_;  ///< declared as patterns
    std::vector<Declared> sorted_;
};

}  // namespace plimsoll::workflow
