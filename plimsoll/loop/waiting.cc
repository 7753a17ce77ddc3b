// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/waiting.h"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

#include "plimsoll/base/text.h"

namespace plimsoll::loop {
namespace {

/// The first kind of which more is asked for than may be held.
std::optional<ResourceKind> first_short(const Resources& ask, const Resources& may_hold) {
    const std::string_view name = first_misfit(ask, may_hold);
    for (int at = 0; at < resource_kind_count; ++at)
        if (name_of(static_cast<ResourceKind>(at)) == name) return static_cast<ResourceKind>(at);
    return std::nullopt;
}

std::string told(ResourceKind kind, double amount) {
    if (kind == ResourceKind::cpu) return fmt::format("{} {}", format(Cores{amount}), amount == 1 ? "core" : "cores");
    if (kind == ResourceKind::gpu || kind == ResourceKind::iops) return fmt::format("{:.3g}", amount);
    return format(Bytes{static_cast<std::int64_t>(amount)});
}

std::string unit(ResourceKind kind) {
    return kind == ResourceKind::cpu ? std::string() : fmt::format(" of {}", name_of(kind));
}

/// Who has some of what is short: what is said of them, and what the user may do about it.
struct Share {
    std::string has;
    std::string remedy;
};

std::vector<Share> shares(const machine::Others& others, ResourceKind kind) {
    std::vector<Share> all;
    if (const double held = others.runs.amount(kind); held > 0)
        all.push_back({fmt::format("other runs hold {}", told(kind, held)), "end another run"});
    if (kind != ResourceKind::memory) return all;
    if (others.programs.count > 0)
        all.push_back({fmt::format("other programs use {}", format(others.programs)), "end programs you do not need"});
    if (others.kept_free.count > 0)
        all.push_back({fmt::format("--keep-free leaves {} alone", format(others.kept_free)), "lower --keep-free"});
    return all;
}

}  // namespace

std::string waiting_reason(const Waiting& waiting) {
    const std::optional<ResourceKind> kind = first_short(waiting.ask, waiting.may_hold);
    if (!kind) return fmt::format("{} is ready, and starts as soon as there is room for it", waiting.task);
    std::vector<std::string> has, remedies;
    for (Share& share : shares(waiting.others, *kind)) {
        has.push_back(std::move(share.has));
        remedies.push_back(std::move(share.remedy));
    }
    remedies.emplace_back(waiting.is_request ? "let its step request less" : "give its step a smaller request");
    const double need = waiting.ask.amount(*kind), may = waiting.may_hold.amount(*kind);
    return fmt::format(
        "{} needs {}{}, and this run may hold {} of {} at present{}{}. It starts when {} more {} "
        "free; to start it sooner, {}",
        waiting.task, told(*kind, need), unit(*kind), told(*kind, may), told(*kind, waiting.total.amount(*kind)),
        has.empty() ? "" : ": ", join(has, ", "), told(*kind, need - may), *kind == ResourceKind::cpu ? "are" : "is",
        join(remedies, ", or "));
}

}  // namespace plimsoll::loop
