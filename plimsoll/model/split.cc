// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/split.h"

#include <optional>

namespace plimsoll {
namespace {

struct Found {
    std::size_t at = 0;
    std::string_view mark;
    const std::string* by = nullptr;
};

std::optional<Found> first_mark(std::string_view text, std::size_t from,
                                std::span<const std::pair<std::string_view, std::string>> replacements) {
    std::optional<Found> first;
    for (const auto& [mark, by] : replacements) {
        const std::size_t at = text.find(mark, from);
        if (at != std::string_view::npos && (!first || at < first->at)) first = {at, mark, &by};
    }
    return first;
}

}  // namespace

Command with_marks_replaced(const Command& command,
                            std::span<const std::pair<std::string_view, std::string>> replacements) {
    Command made;
    std::size_t from = 0, slot = 0;
    const auto copy_to = [&](std::size_t end) {
        for (; slot < command.slots.size() && command.slots[slot].offset <= end; ++slot) {
            const Command::Slot& old = command.slots[slot];
            made.slots.push_back({static_cast<std::uint32_t>(made.text.size() + old.offset - from), old.what});
        }
        made.text.append(command.text, from, end - from);
        from = end;
    };
    while (const auto found = first_mark(command.text, from, replacements)) {
        copy_to(found->at);
        made.text += *found->by;
        from += found->mark.size();
    }
    copy_to(command.text.size());
    return made;
}

std::string with_mark_replaced(std::string text, std::string_view mark, std::string_view by) {
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + by.size()))
        text.replace(at, mark.size(), by);
    return text;
}

}  // namespace plimsoll
