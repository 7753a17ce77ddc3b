// SPDX-License-Identifier: Apache-2.0
// Problem: something in the user's file that is wrong, where, why, and what to write instead. Reading goes
// on after each, so that all of them are told at once.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace plimsoll::workflow {

/// A place in a text, counted from 1; line 0: the text as a whole.
struct Mark {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    auto operator<=>(const Mark&) const = default;
};

struct Problem {
    std::string file;  ///< as the user named it; or the argument that is wrong, "--set depht=50"
    Mark mark;
    std::string message;  ///< "reason; remedy"
    bool operator==(const Problem&) const = default;
};

/// "flow.yaml:7:13: unknown unit 'gigs' ...; use KiB, MiB, GiB or TiB"
std::string format(const Problem& problem);

/// Gathers problems and warnings about one file.
class Problems {
public:
    /// `source` is the file's text, for finding places within a value; it outlives this.
    Problems(std::string file, std::string_view source) : file_(std::move(file)), source_(source) {}

    /// The same problem at the same place is told once.
    /// At one place at most three problems are told in full: a scatter of a hundred thousand tasks that
    /// all lack an input would bury everything else.
    void add(Mark mark, std::string message);
    void add_argument(std::string argument, std::string message);
    void warn(Mark mark, std::string message);

    /// Where `part` stands the `nth` time (from 0) after `from`, as written in the file; `from` when the
    /// value spells it otherwise (escapes).
    Mark find(Mark from, std::string_view part, int nth) const;

    bool none() const { return problems_.empty(); }
    /// How often something was found wrong, told or not: aliases show one place under several steps.
    std::size_t found() const { return found_; }
    /// In the order of the file; empties this.
    std::vector<Problem> take_problems();
    std::vector<Problem> take_warnings();

private:
    bool is_told(Mark mark, std::string_view message) const;

    std::string file_;
    std::string_view source_;
    std::vector<Problem> problems_;
    std::vector<Problem> warnings_;
    std::unordered_map<std::uint64_t, std::size_t> told_;  ///< how many problems a place had
    std::size_t found_ = 0;
};

}  // namespace plimsoll::workflow
