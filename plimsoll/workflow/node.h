// SPDX-License-Identifier: Apache-2.0
// Node: a parsed YAML document as plain values, each with its place in the file. Anchors and merge keys
// are resolved; types are not, because "1.10" is a version to one reader and a number to another.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/workflow/problem.h"

namespace plimsoll::workflow {

struct Entry;

struct Node {
    enum class Kind : std::uint8_t { null, scalar, list, map };

    Kind kind = Kind::null;
    bool quoted = false;  ///< a scalar written in quotes or as a block: text, whatever it looks like
    Mark mark;
    std::string text;            ///< of a scalar
    std::vector<Node> items;     ///< of a list
    std::vector<Entry> entries;  ///< of a map, in the order of the file, no key twice

    bool is_null() const { return kind == Kind::null; }
    bool is_scalar() const { return kind == Kind::scalar; }
    bool is_list() const { return kind == Kind::list; }
    bool is_map() const { return kind == Kind::map; }
};

struct Entry {
    std::string key;
    Mark mark;
    Node value;
};

/// The value under a key, or nullptr.
const Node* find(const Node& map, std::string_view key);

/// "a list", "a map", "nothing", "text": for messages.
std::string_view kind_name(const Node& node);

}  // namespace plimsoll::workflow
