// SPDX-License-Identifier: Apache-2.0
#include "benches/sizing/gz.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <memory>

namespace plimsoll::benches {
namespace {

/// The fields of the line that starts at `at`, which moves behind it.
std::vector<std::string> take_line(std::string_view text, std::size_t& at) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (quoted && c == '"' && at + 1 < text.size() && text[at + 1] == '"') {
            fields.back() += text[++at];
        } else if (c == '"') {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            fields.emplace_back();
        } else if (c == '\n' && !quoted) {
            break;
        } else if (c != '\r') {
            fields.back() += c;
        }
    }
    ++at;
    return fields;
}

}  // namespace

Result<std::string> read_gz(const std::string& path) {
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
    if (!file)
        return Error{ErrorKind::not_found,
                     fmt::format("{}: cannot be read; --data names the folder of the sizing data", path)};
    std::string text;
    char block[1 << 16];
    for (int count = 0; (count = gzread(file.get(), block, sizeof block)) != 0;) {
        if (count < 0) return invalid(fmt::format("{}: not a whole gzip file", path));
        text.append(block, static_cast<std::size_t>(count));
    }
    return text;
}

Result<Table> Table::read(const std::string& path) {
    const std::string text = PLIM_TRY(read_gz(path));
    if (text.empty()) return invalid(path + ": is empty; its first line names the columns");
    Table table;
    table.path_ = path;
    std::size_t at = 0;
    table.names_ = take_line(text, at);
    while (at < text.size()) table.rows_.push_back(take_line(text, at));
    return table;
}

Result<std::size_t> Table::column(std::string_view name) const {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end())
        return invalid(fmt::format("{}: no column '{}'; there are {}", path_, name, fmt::join(names_, ", ")));
    return static_cast<std::size_t>(found - names_.begin());
}

std::size_t Table::column_if_any(std::string_view name) const {
    const auto found = std::find(names_.begin(), names_.end(), name);
    return found == names_.end() ? std::string::npos : static_cast<std::size_t>(found - names_.begin());
}

std::string_view Table::text(std::size_t row, std::size_t column) const {
    return column < rows_[row].size() ? std::string_view(rows_[row][column]) : std::string_view();
}

double Table::number(std::size_t row, std::size_t column) const {
    const std::string_view field = text(row, column);
    double value = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    return error == std::errc() ? value : 0;
}

}  // namespace plimsoll::benches
