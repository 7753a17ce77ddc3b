// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/command_hash.h"

#include <string_view>

#include "plimsoll/base/check.h"
#include "plimsoll/model/split.h"

namespace plimsoll::workflow {
namespace {

void add_number(Hasher& hasher, std::uint64_t number) {
    hasher.add_raw({reinterpret_cast<const char*>(&number), sizeof number});
}

/// Each list is preceded by its length, so that no two tasks give the same bytes.
template <class Pairs>
void add_pairs(Hasher& hasher, const Pairs& pairs) {
    add_number(hasher, pairs.size());
    for (const auto& [name, value] : pairs) {
        hasher.add_field(name);
        hasher.add_field(value);
    }
}

/// What could make a difference to what is joined.
void add_split(Hasher& hasher, const Split& split) {
    hasher.add_field("split");
    add_number(hasher, static_cast<std::uint64_t>(split.rule.by));
    hasher.add_field(split.rule.record);
    add_number(hasher, static_cast<std::uint64_t>(split.rule.header));
    hasher.add_field(split.join.text);
}

}  // namespace

Hash128 command_hash(const Task& task) {
    PLIM_CHECK(task.step != nullptr, "a task has a step");
    // In how many parts it was done does not matter; joining its parts is not what it is known by.
    const Step& step = task.split != nullptr ? *task.split->step : *task.step;
    const Command& command = task.split != nullptr ? task.split->whole : task.command;
    Hasher hasher;
    hasher.add_field("plimsoll command 1");
    hasher.add_field(command.text);
    add_number(hasher, command.slots.size());
    for (const Command::Slot& slot : command.slots) {
        add_number(hasher, slot.offset);
        add_number(hasher, static_cast<std::uint64_t>(slot.what));
    }
    hasher.add_field(step.shell);
    hasher.add_field(step.workdir);
    add_pairs(hasher, step.env);
    add_pairs(hasher, task.bindings);
    add_number(hasher, step.secrets.size());
    for (const std::string& name : step.secrets) hasher.add_field(name);
    if (step.container) {  // else nothing: commands without one keep the hash that receipts have
        hasher.add_field("container");
        hasher.add_field(step.container->identity.empty() ? step.container->image : step.container->identity);
    }
    if (task.split != nullptr) add_split(hasher, *task.split);
    if (task.part != nullptr) {
        hasher.add_field("part");
        for (const std::int64_t end : {task.part->from, task.part->to})
            add_number(hasher, static_cast<std::uint64_t>(end));
    }
    return hasher.digest();
}

}  // namespace plimsoll::workflow
