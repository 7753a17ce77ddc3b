// SPDX-License-Identifier: Apache-2.0
// Value: what a name in a template stands for, and the parts of a path that it can be asked for.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::workflow {

struct Value {
    std::vector<std::string> words;
    bool is_list = false;       ///< one word of a list of one is still a list
    bool is_path = false;       ///< words are paths, relative to the workflow's folder
    bool has_patterns = false;  ///< words may be patterns of files that a task has yet to make
    bool operator==(const Value&) const = default;
};

struct NamedValue {
    std::string name;
    Value value;
};
using Values = std::vector<NamedValue>;
using Globals = std::map<std::string, Value, std::less<>>;

enum class Part { whole, name, stem, dir, ext };

/// "name", "stem", "dir", "ext".
std::optional<Part> parse_part(std::string_view name);

/// Of "reads/s1.fq.gz": name "s1.fq.gz", stem "s1", dir "reads", ext "fq.gz". A compression's extension
/// (gz, bz2, xz, zst) goes with the one before it. A path without a folder has dir ".".
std::string part_of(std::string_view path, Part part);

/// The one spelling of a path: "./a//b/" is "a/b". Leaves ".." alone, which only the disk can resolve, and
/// "./-x", which would turn into an option.
std::string clean_path(std::string_view path);

}  // namespace plimsoll::workflow
