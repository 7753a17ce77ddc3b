// SPDX-License-Identifier: Apache-2.0
// The columns of a dump by sacct, and its rows by these. Internal to `exchange`.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/result.h"

namespace plimsoll::exchange {

enum class SacctColumn : std::uint8_t {
    job_id,
    job_name,
    comment,
    user,
    cluster,
    state,
    exit_code,
    elapsed,
    elapsed_raw,
    start,
    end,
    submit,
    req_mem,
    req_tres,
    alloc_tres,
    req_cpus,
    alloc_cpus,
    nodes,
    timelimit,
    timelimit_raw,
    max_rss,
    tasks,
    total_cpu,
    tres_usage_total,
    count
};

/// Is this a line of column names? Dumps that were joined hold several.
bool is_sacct_header(std::string_view line);

class SacctTable {
public:
    /// From the line of names, whatever separates them. An error says what is missing and how to ask sacct for it.
    static Result<SacctTable> of_header(std::string_view line);
    /// From what was said to sacct as --format: "JobID,JobName%30,State".
    static Result<SacctTable> of_format(std::string_view format);
    bool has(SacctColumn column) const { return place_[static_cast<std::size_t>(column)] != nowhere; }

    /// Lays the line out; its fields are views of it. Nothing where there are too few. More than columns: names hold
    /// the separator, and the one of the free texts is widened with which identity and state can be read.
    bool lay_out(std::string_view line);
    /// Empty where the dump has no such column.
    std::string_view field(SacctColumn column) const {
        const std::size_t at = place_[static_cast<std::size_t>(column)];
        return at == nowhere ? std::string_view() : fields_[at];
    }
    /// Of the field's first character in its line, from 1.
    std::size_t column_of(SacctColumn column, std::string_view line) const;
    std::size_t columns() const { return names_.size(); }
    std::size_t fields_seen() const { return parts_.size(); }

private:
    static constexpr std::size_t nowhere = SIZE_MAX;
    SacctTable() = default;
    static Result<SacctTable> of_names(std::vector<std::string> names, std::string separator,
                                       std::optional<bool> closes);
    void take_close();
    void widen(std::size_t at, std::size_t surplus);
    bool is_plausible() const;

    std::vector<std::string> names_;
    std::string separator_;
    std::optional<bool> closes_;  ///< does each line end in a separator (-p)? Without a header the first line tells
    std::array<std::size_t, static_cast<std::size_t>(SacctColumn::count)> place_{};
    std::vector<std::size_t> free_;                 ///< columns that hold what users wrote
    std::vector<std::string_view> parts_, fields_;  ///< as split, as laid out
};

}  // namespace plimsoll::exchange
