// SPDX-License-Identifier: Apache-2.0
// Gzipped CSV files in, rows of named columns out. Behind zlib.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/result.h"

namespace plimsoll::benches {

/// The whole file, unpacked.
Result<std::string> read_gz(const std::string& path);

/// A table with its first line as names of columns. Fields may be quoted ("a,b", "" for a quote).
class Table {
public:
    static Result<Table> read(const std::string& path);
    std::size_t rows() const { return rows_.size(); }
    /// The column's place; an error names the file and the columns there are.
    Result<std::size_t> column(std::string_view name) const;
    /// The column's place; where there is none, one at which every field is missing.
    std::size_t column_if_any(std::string_view name) const;
    std::string_view text(std::size_t row, std::size_t column) const;
    /// 0 for a missing value: "-", empty or a row too short.
    double number(std::size_t row, std::size_t column) const;

private:
    std::string path_;
    std::vector<std::string> names_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace plimsoll::benches
