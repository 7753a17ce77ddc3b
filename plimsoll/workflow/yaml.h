// SPDX-License-Identifier: Apache-2.0
// YAML text -> Node: the only door to yaml-cpp. Built on its events, so that depth, the number of nodes
// and what aliases multiply ("a billion laughs") are bounded before memory is taken.
#pragma once

#include <optional>
#include <string_view>

#include "plimsoll/workflow/node.h"
#include "plimsoll/workflow/problem.h"

namespace plimsoll::workflow {

struct YamlLimits {
    std::size_t bytes_max = 64u << 20;  ///< of text, aliases written out
    std::size_t nodes_max = 2'000'000;  ///< likewise
    int depth_max = 64;
};

/// The document; nothing when the text is not YAML or beyond the limits, with the problem told. A doubled
/// key is a problem, too, but reading goes on with its first value. An empty text gives a null node.
std::optional<Node> parse_yaml(std::string_view text, Problems& problems, const YamlLimits& limits = {});

}  // namespace plimsoll::workflow
