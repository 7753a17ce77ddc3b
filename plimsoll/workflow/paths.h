// SPDX-License-Identifier: Apache-2.0
// Templates of paths -> paths: rendered, in one spelling, patterns looked up.
#pragma once

#include <optional>
#include <string>

#include "plimsoll/workflow/file_world.h"
#include "plimsoll/workflow/render.h"

namespace plimsoll::workflow {

/// The paths that a template names, in one spelling each; patterns stay. Paths under `folder` become
/// relative to it. Nothing, with the problem told, when it does not resolve or names no path.
std::optional<Value> render_paths(const Template& text, const Scope& scope, std::string_view folder,
                                  Problems& problems);

/// Does the word stand for the files that match it? Not when it is a path that is already known to be one
/// (a file may be called "s[1].fq").
bool is_pattern(const std::string& word, const Value& of, const FileWorld& files);

/// A path relative to the folder if it lies in it, in its one spelling.
std::string path_from(std::string_view folder, std::string_view path);

}  // namespace plimsoll::workflow
