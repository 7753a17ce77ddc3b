// SPDX-License-Identifier: Apache-2.0
// Left to right: the values of a braced list are evaluated in that order.
#include "plimsoll/history/columns.h"

#include "plimsoll/history/codec.h"
#include "plimsoll/model/segment_codec.h"

namespace plimsoll::history {
namespace {

template <class Take>
auto take_optional(Statement& row, Take take) -> std::optional<decltype(take(row))> {
    if (row.take_null()) return std::nullopt;
    return take(row);
}

std::optional<double> take_optional_real(Statement& row) {
    return take_optional(row, [](Statement& it) { return it.take_real(); });
}
std::optional<Bytes> take_optional_bytes(Statement& row) {
    return take_optional(row, [](Statement& it) { return it.take_bytes(); });
}

Result<std::vector<Segment>> take_segments(Statement& row) {
    if (row.take_null()) return std::vector<Segment>();
    return decode_segments(row.take_view());
}

Estimate take_estimate(Statement& row) {
    return {.p50 = row.take_real(),
            .bound = row.take_real(),
            .stated = take_optional_real(row),
            .measured = take_optional_real(row)};
}

}  // namespace

TaskKind take_kind(Statement& row) {
    return {.workflow = row.take_text(), .step = row.take_text(), .tool = row.take_text()};
}

Request take_request(Statement& row) {
    return {.cpu = take_optional(row, [](Statement& it) { return it.take_cores(); }),
            .memory = take_optional_bytes(row),
            .time = take_optional(row, [](Statement& it) { return it.take_duration(); }),
            .disk = take_optional_bytes(row),
            .gpu = take_optional_real(row)};
}

Result<Resources> take_reserved(Statement& row) {
    const Cores cpu = row.take_cores();
    const Bytes memory = row.take_bytes();
    Resources amounts = row.take_null() ? Resources() : PLIM_TRY(parse_resources(row.take_view()));
    amounts.cpu = cpu;
    amounts.memory = memory;
    return amounts;
}

Shaping take_shaping(Statement& row) {
    return {.grown = static_cast<int>(row.take_integer()),
            .frozen = static_cast<int>(row.take_integer()),
            .frozen_time = row.take_duration(),
            .reserved_byte_seconds = row.take_real(),
            .reserved_core_seconds = row.take_real()};
}

std::optional<WaitRecord> take_wait(Statement& row) {
    const bool is_known = !row.take_null();
    WaitRecord wait{.time = is_known ? row.take_duration() : Duration{},
                    .after = take_optional(row, [](Statement& it) { return static_cast<TaskId>(it.take_integer()); }),
                    .lack = row.take_text()};
    return is_known ? std::optional(std::move(wait)) : std::nullopt;
}

Result<std::optional<Outcome>> take_outcome(Statement& row) {
    const std::string ending = row.take_text();
    const int code = static_cast<int>(row.take_integer());
    std::string detail = row.take_text();
    if (ending.empty()) return std::optional<Outcome>();
    return std::optional(Outcome{.ending = PLIM_TRY(parse_ending(ending)), .code = code, .detail = std::move(detail)});
}

Result<Features> take_features(Statement& row) {
    Features features{.input_bytes = row.take_bytes(),
                      .input_count = static_cast<std::uint32_t>(row.take_integer()),
                      .numbers = {},
                      .machine = row.take_text()};
    if (!row.take_null()) features.numbers = PLIM_TRY(decode_numbers(row.take_view()));
    return features;
}

Result<Profile> take_profile(Statement& row) {
    return Profile{.runtime = row.take_duration(),
                   .cpu = row.take_duration(),
                   .cpu_peak = row.take_cores(),
                   .memory_peak = row.take_bytes(),
                   .memory_high_water = row.take_bytes(),
                   .memory_byte_seconds = row.take_real(),
                   .read_bytes = row.take_bytes(),
                   .write_bytes = row.take_bytes(),
                   .read_operations = static_cast<std::uint64_t>(row.take_integer()),
                   .write_operations = static_cast<std::uint64_t>(row.take_integer()),
                   .network_in = row.take_bytes(),
                   .network_out = row.take_bytes(),
                   .memory_stall = row.take_duration(),
                   .cpu_stall = row.take_duration(),
                   .io_stall = row.take_duration(),
                   .processes_peak = static_cast<std::uint32_t>(row.take_integer()),
                   .threads_peak = static_cast<std::uint32_t>(row.take_integer()),
                   .samples = static_cast<std::uint32_t>(row.take_integer()),
                   .source = row.take_text(),
                   .segments = PLIM_TRY(take_segments(row))};
}

Result<Forecast> take_forecast(Statement& row) {
    Forecast forecast{.memory = take_estimate(row),
                      .cpu = take_estimate(row),
                      .runtime = take_estimate(row),
                      .curve = {},
                      .source = PLIM_TRY(parse_provenance(row.take_view())),
                      .model = row.take_text(),
                      .samples = static_cast<std::uint32_t>(row.take_integer())};
    forecast.curve = PLIM_TRY(take_segments(row));
    return forecast;
}

}  // namespace plimsoll::history
