// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/decisions.h"

#include <utility>

namespace plimsoll::loop {

Decision decision(std::string action, std::string subject, std::string old_value, std::string new_value,
                  std::string reason) {
    Decision made;
    made.action = std::move(action);
    made.subject = std::move(subject);
    made.old_value = std::move(old_value);
    made.new_value = std::move(new_value);
    made.reason = std::move(reason);
    return made;
}

Decision memory_decision(std::string action, Bytes old_memory, Bytes new_memory, std::string reason) {
    return decision(std::move(action), "memory", format(old_memory), format(new_memory), std::move(reason));
}

}  // namespace plimsoll::loop
