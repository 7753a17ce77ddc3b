// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/exchange/sacct_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "plimsoll/base/text.h"
#include "plimsoll/exchange/sacct_fields.h"

namespace plimsoll::exchange {
namespace {

struct ColumnName {
    std::string_view name;
    SacctColumn column;
};
// Where two names stand for one column, the first that the dump has is read.
constexpr ColumnName column_names[] = {
    {"jobid", SacctColumn::job_id},
    {"jobidraw", SacctColumn::job_id},
    {"jobname", SacctColumn::job_name},
    {"comment", SacctColumn::comment},
    {"user", SacctColumn::user},
    {"uid", SacctColumn::user},
    {"cluster", SacctColumn::cluster},
    {"state", SacctColumn::state},
    {"exitcode", SacctColumn::exit_code},
    {"elapsed", SacctColumn::elapsed},
    {"elapsedraw", SacctColumn::elapsed_raw},
    {"start", SacctColumn::start},
    {"end", SacctColumn::end},
    {"submit", SacctColumn::submit},
    {"reqmem", SacctColumn::req_mem},
    {"reqtres", SacctColumn::req_tres},
    {"alloctres", SacctColumn::alloc_tres},
    {"reqcpus", SacctColumn::req_cpus},
    {"alloccpus", SacctColumn::alloc_cpus},
    {"ncpus", SacctColumn::alloc_cpus},
    {"nnodes", SacctColumn::nodes},
    {"allocnodes", SacctColumn::nodes},
    {"timelimit", SacctColumn::timelimit},
    {"timelimitraw", SacctColumn::timelimit_raw},
    {"maxrss", SacctColumn::max_rss},
    {"ntasks", SacctColumn::tasks},
    {"totalcpu", SacctColumn::total_cpu},
    {"tresusageintot", SacctColumn::tres_usage_total},
};
constexpr std::size_t header_most = 8192;  ///< all of sacct's columns take a quarter of it
constexpr std::string_view free_texts[] = {"jobname",      "submitline",    "comment", "workdir",
                                           "admincomment", "systemcomment", "extra",   "reason"};
constexpr std::string_view how_to_ask =
    "ask for it so: sacct -P --format=JobID,JobName,User,State,ExitCode,Start,Elapsed,Timelimit,ReqMem,ReqCPUS,NNodes,"
    "MaxRSS,NTasks,TotalCPU";

std::string lower(std::string_view text) {
    std::string small(text);
    for (char& c : small) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return small;
}

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

void split_at(std::string_view text, std::string_view separator, std::vector<std::string_view>& parts) {
    parts.clear();
    while (true) {
        const std::size_t end = separator.size() == 1 ? text.find(separator.front()) : text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return;
        text.remove_prefix(end + separator.size());
    }
}

}  // namespace

bool is_sacct_header(std::string_view line) {
    return !line.empty() && !(line.front() >= '0' && line.front() <= '9') && line.size() < header_most &&
           lower(line).find("jobid") != std::string::npos;
}

Result<SacctTable> SacctTable::of_header(std::string_view line) {
    if (line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
    if (!is_sacct_header(line))
        return invalid(line.starts_with('{')
                           ? fmt::format("this is JSON; {}", how_to_ask)
                           : fmt::format("no line of column names with JobID: after sacct -n say --format as sacct was "
                                         "told; else {}",
                                         how_to_ask));
    const auto begin = std::find_if_not(line.begin(), line.end(), is_name);
    std::string separator(begin, std::find_if(begin, line.end(), is_name));
    if (separator.empty()) separator = "|";
    if (separator.find_first_not_of(' ') == std::string::npos)
        return invalid(fmt::format("columns of a fixed width cut what is longer; {}", how_to_ask));
    const bool closes = line.ends_with(separator);
    if (closes) line.remove_suffix(separator.size());
    std::vector<std::string_view> parts;
    split_at(line, separator, parts);
    return of_names({parts.begin(), parts.end()}, std::move(separator), closes);
}

Result<SacctTable> SacctTable::of_format(std::string_view format) {
    std::vector<std::string> names;
    for (const std::string_view name : plimsoll::split(format, ',')) names.emplace_back(name.substr(0, name.find('%')));
    return of_names(std::move(names), "|", std::nullopt);
}

Result<SacctTable> SacctTable::of_names(std::vector<std::string> names, std::string separator,
                                        std::optional<bool> closes) {
    SacctTable table;
    table.closes_ = closes;
    table.names_ = std::move(names);
    table.separator_ = std::move(separator);
    table.place_.fill(nowhere);
    for (const ColumnName& known : column_names) {
        const auto found = std::find_if(table.names_.begin(), table.names_.end(),
                                        [&](const std::string& name) { return lower(name) == known.name; });
        std::size_t& place = table.place_[static_cast<std::size_t>(known.column)];
        if (found != table.names_.end() && place == nowhere)
            place = static_cast<std::size_t>(found - table.names_.begin());
    }
    for (std::size_t at = 0; at < table.names_.size(); ++at)
        if (std::find(std::begin(free_texts), std::end(free_texts), lower(table.names_[at])) != std::end(free_texts))
            table.free_.push_back(at);
    const bool has_time = table.has(SacctColumn::elapsed) || table.has(SacctColumn::elapsed_raw);
    std::string missing;
    if (!table.has(SacctColumn::job_id)) missing = "JobID";
    else if (!table.has(SacctColumn::job_name)) missing = "JobName";
    else if (!table.has(SacctColumn::state)) missing = "State";
    else if (!has_time) missing = "Elapsed";
    else if (!table.has(SacctColumn::max_rss) && !table.has(SacctColumn::tres_usage_total)) missing = "MaxRSS";
    if (!missing.empty()) return invalid(fmt::format("there is no column {}; {}", missing, how_to_ask));
    return table;
}

bool SacctTable::lay_out(std::string_view line) {
    split_at(line, separator_, parts_);
    take_close();
    if (parts_.size() < names_.size()) return false;
    if (parts_.size() == names_.size()) {
        fields_ = parts_;
        return true;
    }
    for (const std::size_t at : free_) {
        widen(at, parts_.size() - names_.size());
        if (is_plausible()) return true;
    }
    return false;
}

void SacctTable::take_close() {
    const bool may_close = parts_.size() > names_.size() && parts_.back().empty();
    if (!closes_) {
        fields_.assign(parts_.begin(),
                       parts_.begin() + static_cast<std::ptrdiff_t>(std::min(parts_.size(), names_.size())));
        closes_ = may_close && parts_.size() == names_.size() + 1 && is_plausible();
    }
    if (*closes_ && may_close) parts_.pop_back();
}

void SacctTable::widen(std::size_t at, std::size_t surplus) {
    fields_.assign(parts_.begin(), parts_.begin() + static_cast<std::ptrdiff_t>(at));
    const std::string_view last = parts_[at + surplus];
    fields_.emplace_back(parts_[at].data(), static_cast<std::size_t>(last.data() + last.size() - parts_[at].data()));
    fields_.insert(fields_.end(), parts_.begin() + static_cast<std::ptrdiff_t>(at + surplus + 1), parts_.end());
}

bool SacctTable::is_plausible() const {
    const std::string_view elapsed = field(SacctColumn::elapsed), raw = field(SacctColumn::elapsed_raw);
    return sacct_id(field(SacctColumn::job_id)) && sacct_state(field(SacctColumn::state)) &&
           (elapsed.empty() || sacct_duration(elapsed)) && (raw.empty() || sacct_number(raw));
}

std::size_t SacctTable::column_of(SacctColumn column, std::string_view line) const {
    const std::string_view found = field(column);
    return found.data() == nullptr ? 1 : static_cast<std::size_t>(found.data() - line.data()) + 1;
}

}  // namespace plimsoll::exchange
