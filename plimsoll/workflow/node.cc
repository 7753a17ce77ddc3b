// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/node.h"

namespace plimsoll::workflow {

const Node* find(const Node& map, std::string_view key) {
    for (const Entry& entry : map.entries)
        if (entry.key == key) return &entry.value;
    return nullptr;
}

std::string_view kind_name(const Node& node) {
    switch (node.kind) {
        case Node::Kind::null: return "nothing";
        case Node::Kind::scalar: return "text";
        case Node::Kind::list: return "a list";
        case Node::Kind::map: return "a map";
    }
    return "nothing";
}

}  // namespace plimsoll::workflow
