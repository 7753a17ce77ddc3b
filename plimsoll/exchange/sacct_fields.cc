// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/exchange/sacct_fields.h"

#include <cctype>
#include <charconv>
#include <chrono>
#include <cmath>

namespace plimsoll::exchange {
namespace {

/// A number off the front; nothing where there is none. No signs, no exponents.
std::optional<double> take_number(std::string_view& text) {
    if (text.empty() || !std::isdigit(static_cast<unsigned char>(text.front()))) return std::nullopt;
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

std::optional<int> take_whole(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) return std::nullopt;
    const std::string_view part = text.substr(0, digits);
    int number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (error != std::errc() || end != part.data() + part.size()) return std::nullopt;
    text.remove_prefix(digits);
    return number;
}

double factor_of(char unit) {
    switch (unit) {
        case 'K': return 0x1p10;
        case 'M': return 0x1p20;
        case 'G': return 0x1p30;
        case 'T': return 0x1p40;
        case 'P': return 0x1p50;
        default: return 0;
    }
}

// Beyond these nobody has measured; within them sums of what is read fit into 64 bits.
constexpr double bytes_most = 0x1p50;
constexpr double seconds_most = 1e9;
constexpr double number_most = 1e15;

struct StateName {
    std::string_view name;
    SacctState state;
};
constexpr StateName states[] = {
    {"COMPLETED", SacctState::completed},
    {"FAILED", SacctState::failed},
    {"OUT_OF_MEMORY", SacctState::out_of_memory},
    {"TIMEOUT", SacctState::timeout},
    {"DEADLINE", SacctState::timeout},
    {"PREEMPTED", SacctState::preempted},
    {"NODE_FAIL", SacctState::node_fail},
    {"BOOT_FAIL", SacctState::node_fail},
    {"LAUNCH_FAILED", SacctState::node_fail},
    {"CANCELLED", SacctState::cancelled},
    {"REVOKED", SacctState::cancelled},
    {"RUNNING", SacctState::not_ended},
    {"PENDING", SacctState::not_ended},
    {"REQUEUED", SacctState::not_ended},
    {"REQUEUE_FED", SacctState::not_ended},
    {"REQUEUE_HOLD", SacctState::not_ended},
    {"SPECIAL_EXIT", SacctState::failed},
    {"RESIZING", SacctState::not_ended},
    {"SUSPENDED", SacctState::not_ended},
    {"COMPLETING", SacctState::not_ended},
    {"CONFIGURING", SacctState::not_ended},
    {"STAGE_OUT", SacctState::not_ended},
    {"SIGNALING", SacctState::not_ended},
    {"STOPPED", SacctState::not_ended},
    {"RESV_DEL_HOLD", SacctState::not_ended},
};

}  // namespace

std::optional<double> sacct_number(std::string_view text) {
    const std::optional<double> number = take_number(text);
    return text.empty() && number && *number <= number_most ? number : std::nullopt;
}

std::optional<Duration> sacct_duration(std::string_view text) {
    double days = 0;
    if (const std::size_t dash = text.find('-'); dash != std::string_view::npos) {
        std::string_view front = text.substr(0, dash);
        const auto count = take_number(front);
        if (!count || !front.empty()) return std::nullopt;
        days = *count;
        text.remove_prefix(dash + 1);
    }
    double total = 0;
    for (int parts = 1; parts <= 3; ++parts) {
        const auto part = take_number(text);
        if (!part) return std::nullopt;
        total = total * 60 + *part;
        if (text.empty()) {
            const double all = days * 86400 + total;
            return all <= seconds_most ? std::optional(from_seconds(all)) : std::nullopt;
        }
        if (text.front() != ':') return std::nullopt;
        text.remove_prefix(1);
    }
    return std::nullopt;
}

std::optional<Bytes> sacct_bytes(std::string_view text, Bytes unit) {
    const auto number = take_number(text);
    if (!number || text.size() > 1) return std::nullopt;
    const double factor = text.empty() ? static_cast<double>(unit.count) : factor_of(text.front());
    const double count = *number * factor;
    if (factor == 0 || count > bytes_most) return std::nullopt;
    return Bytes{std::llround(count)};
}

std::optional<Bytes> sacct_requested(std::string_view text, double cpus, double nodes) {
    double times = 1;
    if (text.ends_with('c')) times = std::max(1.0, cpus);
    if (text.ends_with('n')) times = std::max(1.0, nodes);
    if (text.ends_with('c') || text.ends_with('n')) text.remove_suffix(1);
    const auto amount = sacct_bytes(text, Bytes{1 << 20});
    if (!amount || amount->count == 0 || static_cast<double>(amount->count) * times > bytes_most) return std::nullopt;
    return *amount * times;
}

std::string_view tres_value(std::string_view tres, std::string_view name) {
    while (!tres.empty()) {
        const std::string_view one = tres.substr(0, tres.find(','));
        tres.remove_prefix(std::min(tres.size(), one.size() + 1));
        if (one.size() > name.size() && one[name.size()] == '=' && one.starts_with(name))
            return one.substr(name.size() + 1);
    }
    return {};
}

double tres_gpus(std::string_view tres) {
    if (const auto all = sacct_number(tres_value(tres, "gres/gpu"))) return *all;
    double sum = 0;
    while (!tres.empty()) {
        const std::string_view one = tres.substr(0, tres.find(','));
        tres.remove_prefix(std::min(tres.size(), one.size() + 1));
        const std::size_t equals = one.rfind('=');
        if (one.starts_with("gres/gpu:") && equals != std::string_view::npos)
            sum += sacct_number(one.substr(equals + 1)).value_or(0);
    }
    return sum;
}

std::optional<WallTime> sacct_time(std::string_view text) {
    constexpr char separators[] = {'-', '-', 'T', ':', ':'};
    int parts[6] = {};
    for (int at = 0; at < 6; ++at) {
        const auto part = take_whole(text, at == 0 ? 4 : 2);
        if (!part) return std::nullopt;
        parts[at] = *part;
        if (at == 5) break;
        if (text.empty() || text.front() != separators[at]) return std::nullopt;
        text.remove_prefix(1);
    }
    const auto day = std::chrono::year(parts[0]) / parts[1] / parts[2];
    // Outside these years nanoseconds since 1970 do not fit.
    if (!day.ok() || parts[0] < 1970 || parts[0] > 2150 || parts[3] > 23 || parts[4] > 59 || parts[5] > 60)
        return std::nullopt;
    return WallTime(std::chrono::sys_days(day)) + std::chrono::hours(parts[3]) + std::chrono::minutes(parts[4]) +
           std::chrono::seconds(parts[5]);
}

std::optional<SacctState> sacct_state(std::string_view text) {
    const std::string_view word = text.substr(0, text.find(' '));
    const bool is_cut = word.ends_with('+') && word.size() > 4;
    const std::string_view stem = is_cut ? word.substr(0, word.size() - 1) : word;
    for (const StateName& one : states)
        if (one.name == stem || (is_cut && one.name.starts_with(stem))) return one.state;
    return std::nullopt;
}

std::optional<SacctId> sacct_id(std::string_view text) {
    if (text.empty() || !std::isdigit(static_cast<unsigned char>(text.front()))) return std::nullopt;
    // "12_[1-3,7%2]" is what waits of an array; a dot in it is none of a step.
    const std::size_t bracket = text.find(']');
    const std::size_t dot = text.find('.', bracket == std::string_view::npos ? 0 : bracket);
    if (dot == std::string_view::npos) return SacctId{text, {}};
    return SacctId{text.substr(0, dot), text.substr(dot + 1)};
}

}  // namespace plimsoll::exchange
