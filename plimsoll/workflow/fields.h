// SPDX-License-Identifier: Apache-2.0
// Fields: reads the keys of a map, knows its place in the file, and gathers what is wrong instead of
// stopping at it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/workflow/node.h"
#include "plimsoll/workflow/problem.h"
#include "plimsoll/workflow/scope.h"

namespace plimsoll::workflow {

/// What goes with every node that is read.
struct Reading {
    Problems& problems;
    Globals globals;                   ///< parameters and the workflow's inputs, as far as they are read
    std::vector<std::string> secrets;  ///< of the whole workflow
    std::vector<std::string> step_names;
};

/// The node's text, as written; otherwise a problem that says what `what` should be.
std::optional<std::string> plain_text(const Node& node, std::string_view what, Reading& reading);
/// The node's text as a template.
std::optional<Template> template_text(const Node& node, std::string_view what, Reading& reading);
/// The node's text with parameters filled in: for whatever all tasks of a step share.
std::optional<std::string> settled_text(const Node& node, std::string_view what, Reading& reading);
/// One text or a list of them.
std::vector<std::pair<std::string, Mark>> text_list(const Node& node, std::string_view what, Reading& reading);

class Fields {
public:
    /// A node that is no map, keys other than `known` and keys without a value are problems here.
    /// `what` names the map in messages: "a step", "'request'".
    Fields(const Node& node, std::string_view what, std::span<const std::string_view> known, Reading& reading);

    /// The value under the key; nullptr when it is not there.
    const Node* find(std::string_view key) const;
    std::optional<std::string> text(std::string_view key) const;
    std::optional<double> number(std::string_view key, double least, double most) const;
    std::optional<bool> flag(std::string_view key) const;

    /// Text in a spelling of its own: parse_bytes, parse_duration.
    template <class T>
    std::optional<T> parsed(std::string_view key, Result<T> (*parse)(std::string_view)) const {
        const Node* node = find(key);
        const std::optional<std::string> spelt = text(key);
        if (!spelt) return std::nullopt;
        Result<T> value = parse(*spelt);
        if (value) return std::move(value).value();
        reading_.problems.add(node->mark, value.error().message);
        return std::nullopt;
    }

private:
    const Node& node_;
    Reading& reading_;
};

/// [A-Za-z_][A-Za-z0-9_]*, with dashes too where asked for.
bool is_identifier(std::string_view name, bool with_dashes = false);

}  // namespace plimsoll::workflow
