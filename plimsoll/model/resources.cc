// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/resources.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <type_traits>

#include "plimsoll/base/text.h"

namespace plimsoll {
namespace {

constexpr std::string_view kind_names[resource_kind_count] = {
    "cpu", "memory", "gpu", "gpu_memory", "disk_read", "disk_write", "iops", "network_in", "network_out", "scratch"};

/// Calls change(a.kind, b.kind) for each kind: the one list of the fields.
template <class A, class B, class Change>
void for_each_kind(A& a, B& b, Change change) {
    change(a.cpu.count, b.cpu.count);
    change(a.memory.count, b.memory.count);
    change(a.gpu, b.gpu);
    change(a.gpu_memory.count, b.gpu_memory.count);
    change(a.disk_read.count, b.disk_read.count);
    change(a.disk_write.count, b.disk_write.count);
    change(a.iops, b.iops);
    change(a.network_in.count, b.network_in.count);
    change(a.network_out.count, b.network_out.count);
    change(a.scratch.count, b.scratch.count);
}

std::string format_amount(const Resources& amounts, ResourceKind kind) {
    switch (kind) {
        case ResourceKind::cpu: return format(amounts.cpu);
        case ResourceKind::gpu:
        case ResourceKind::iops: return fmt::format("{:g}", amounts.amount(kind));
        default: return format(Bytes{static_cast<std::int64_t>(amounts.amount(kind))});
    }
}

Result<double> parse_kind(std::string_view name, std::string_view text) {
    if (name == "cpu") return PLIM_TRY(parse_cores(text)).count;
    if (name != "gpu" && name != "iops") return static_cast<double>(PLIM_TRY(parse_bytes(text)).count);
    double count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || end != text.data() + text.size() || !(count >= 0))
        return invalid(fmt::format("'{}' is not a number of {}", text, name));
    return count;
}

}  // namespace

Resources& Resources::operator+=(const Resources& other) {
    for_each_kind(*this, other, [](auto& a, const auto& b) { a += b; });
    return *this;
}

Resources& Resources::operator-=(const Resources& other) {
    for_each_kind(*this, other, [](auto& a, const auto& b) { a -= b; });
    return *this;
}

double Resources::amount(ResourceKind kind) const {
    std::array<double, resource_kind_count> amounts{};
    std::size_t at = 0;
    for_each_kind(*this, *this, [&](const auto& a, const auto&) { amounts[at++] = static_cast<double>(a); });
    return amounts[static_cast<std::size_t>(kind)];
}

bool fits(const Resources& need, const Resources& there) {
    bool all = true;
    for_each_kind(need, there, [&](const auto& a, const auto& b) {
        all &= static_cast<double>(a) <= static_cast<double>(b) + 1e-6;
    });
    return all;
}

std::string_view first_misfit(const Resources& need, const Resources& there) {
    std::string_view misfit;
    int at = 0;
    for_each_kind(need, there, [&](const auto& a, const auto& b) {
        const auto asked = static_cast<double>(a);
        if (misfit.empty() && asked > 0 && asked > static_cast<double>(b) + 1e-6) misfit = kind_names[at];
        ++at;
    });
    return misfit;
}

Resources max_of(const Resources& a, const Resources& b) {
    Resources larger = a;
    for_each_kind(larger, b, [](auto& x, const auto& y) { x = std::max(x, y); });
    return larger;
}

Resources min_of(const Resources& a, const Resources& b) {
    Resources smaller = a;
    for_each_kind(smaller, b, [](auto& x, const auto& y) { x = std::min(x, y); });
    return smaller;
}

Resources clamp_to_zero(Resources amounts) { return max_of(amounts, Resources{}); }

ResourceCounts counts_of(const Resources& amounts) {
    ResourceCounts counts{};
    std::size_t at = 0;
    for_each_kind(amounts, amounts, [&](const auto& a, const auto&) {
        // The thousandth of a millionth is the noise of binary fractions: 0.3 cores are 300000 millionths.
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(a)>, double>)
            counts[at++] = static_cast<std::int64_t>(std::floor(a * 1e6 + 1e-3));
        else counts[at++] = a;
    });
    return counts;
}

Resources resources_of(const ResourceCounts& counts) {
    Resources amounts;
    std::size_t at = 0;
    for_each_kind(amounts, amounts, [&](auto& a, const auto&) {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(a)>, double>)
            a = static_cast<double>(counts[at++]) / 1e6;
        else a = counts[at++];
    });
    return amounts;
}

double dominant_share(const Resources& use, const Resources& total) {
    double largest = 0;
    for_each_kind(use, total, [&](const auto& a, const auto& b) {
        const double share = a <= 0 ? 0.0 : b <= 0 ? 1.0 : static_cast<double>(a) / static_cast<double>(b);
        largest = std::max(largest, share);
    });
    return largest;
}

std::string_view name_of(ResourceKind kind) { return kind_names[static_cast<int>(kind)]; }

std::string format(const Resources& amounts) {
    std::string text;
    for (int at = 0; at < resource_kind_count; ++at) {
        const auto kind = static_cast<ResourceKind>(at);
        if (amounts.amount(kind) == 0) continue;
        text += fmt::format("{}{}={}", text.empty() ? "" : " ", name_of(kind), format_amount(amounts, kind));
    }
    return text.empty() ? "nothing" : text;
}

Result<Resources> parse_resources(std::string_view text) {
    Resources amounts;
    for (const std::string_view part : split(text, ' ')) {
        if (part.empty()) continue;
        const std::size_t equals = part.find('=');
        const std::string_view name = part.substr(0, equals);
        const auto known = std::find(std::begin(kind_names), std::end(kind_names), name);
        if (equals == std::string_view::npos || known == std::end(kind_names))
            return invalid(fmt::format("'{}' is not KIND=AMOUNT; the kinds are {}", part, fmt::join(kind_names, ", ")));
        const double count = PLIM_TRY(parse_kind(name, part.substr(equals + 1)));
        int at = 0;
        for_each_kind(amounts, amounts, [&](auto& a, const auto&) {
            if (at++ == known - std::begin(kind_names)) a = static_cast<std::remove_reference_t<decltype(a)>>(count);
        });
    }
    return amounts;
}

}  // namespace plimsoll
