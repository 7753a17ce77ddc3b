// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/cut.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "plimsoll/base/file.h"

namespace plimsoll::workflow {
namespace {

constexpr std::size_t block = 64 << 10;

/// A file of which a block at a time is in memory; what cannot be read is its end.
class Text {
public:
    Text(int fd, std::int64_t size) : fd_(fd), size_(size) {}
    std::int64_t size() const { return size_; }

    /// Where the line after this place begins; the size if there is none.
    std::int64_t next_line(std::int64_t from) {
        while (from < size_) {
            const std::string_view there = at(from);
            if (there.empty()) return size_;
            const std::size_t end = there.find('\n');
            if (end != std::string_view::npos) return from + static_cast<std::int64_t>(end) + 1;
            from += static_cast<std::int64_t>(there.size());
        }
        return size_;
    }
    bool begins(std::int64_t from, std::string_view text) {
        std::string_view there = at(from);
        if (there.size() < text.size()) {
            load(from);  // the block may end within
            there = at(from);
        }
        return there.starts_with(text);
    }

private:
    std::string_view at(std::int64_t from) {
        if (from >= size_) return {};
        if (from < base_ || from >= base_ + static_cast<std::int64_t>(held_.size())) load(from);
        return std::string_view(held_).substr(std::min(held_.size(), static_cast<std::size_t>(from - base_)));
    }
    void load(std::int64_t from) {
        base_ = from;
        held_.resize(block);
        const ssize_t got = ::pread(fd_, held_.data(), held_.size(), from);
        held_.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    }

    int fd_;
    std::int64_t size_, base_ = 0;
    std::string held_;
};

/// Does a record begin with the line that begins here?
bool begins_record(Text& text, std::int64_t line, const SplitRule& rule) {
    switch (rule.by) {
        case SplitBy::fasta: return text.begins(line, ">");
        case SplitBy::records: return text.begins(line, rule.record);
        // A line of qualities may begin with '@' too, but the second after it is then one of bases.
        case SplitBy::fastq: return text.begins(line, "@") && text.begins(text.next_line(text.next_line(line)), "+");
        default: return true;
    }
}

/// The first record that begins at or after `from`, which is not before `body`, where one begins.
std::int64_t next_record(Text& text, std::int64_t from, std::int64_t body, const SplitRule& rule) {
    if (from <= body) return body;
    std::int64_t line = text.next_line(from - 1);
    while (line < text.size() && !begins_record(text, line, rule)) line = text.next_line(line);
    return line;
}

std::string_view name_of_record(const SplitRule& rule) {
    if (rule.by == SplitBy::fasta) return "a FASTA record (a line that begins with '>')";
    if (rule.by == SplitBy::fastq) return "a FASTQ record of four lines";
    return "a line that begins as 'record' says";
}

}  // namespace

Result<Cuts> cut_file(const std::string& path, const SplitRule& rule, std::span<const double> shares) {
    const Fd file = PLIM_TRY(open_file(path, O_RDONLY));
    struct stat found{};
    if (::fstat(file.fd(), &found) < 0) return system_error("look at " + path);
    if (!S_ISREG(found.st_mode)) return invalid(fmt::format("{} is not a plain file, and cannot be cut", path));
    Text text(file.fd(), found.st_size);
    Cuts cuts;
    for (int line = 0; line < rule.header; ++line) cuts.header_end = text.next_line(cuts.header_end);
    const std::int64_t body = cuts.header_end, length = text.size() - body;
    if (length > 0 && !begins_record(text, body, rule))
        return invalid(
            fmt::format("{} does not begin with {}; say in 'split' how it is made", path, name_of_record(rule)));
    cuts.ends.push_back(body);
    double share = 0;
    for (std::size_t part = 0; part + 1 < shares.size(); ++part) {
        share += shares[part];
        const std::int64_t wanted = body + std::llround(share * static_cast<double>(length));
        const std::int64_t end = next_record(text, std::max(wanted, cuts.ends.back() + 1), body, rule);
        if (end >= text.size()) break;
        if (wanted > cuts.ends.back()) cuts.ends.push_back(end);
    }
    cuts.ends.push_back(text.size());
    return cuts;
}

std::vector<std::int64_t> cut_count(std::int64_t count, std::span<const double> shares) {
    std::vector<std::int64_t> ends{0};
    double share = 0;
    for (std::size_t part = 0; part + 1 < shares.size(); ++part) {
        share += shares[part];
        const std::int64_t end = std::llround(share * static_cast<double>(count));
        if (end > ends.back() && end < count) ends.push_back(end);
    }
    ends.push_back(count);
    return ends;
}

std::vector<std::int64_t> deal_files(std::span<const std::int64_t> sizes, std::span<const double> shares) {
    // A file weighs at least as much as one of 64 KiB: to open one takes time too.
    const auto weight = [](std::int64_t size) { return static_cast<double>(std::max<std::int64_t>(size, block)); };
    double all = 0, dealt = 0, share = 0;
    for (const std::int64_t size : sizes) all += weight(size);
    std::vector<std::int64_t> ends{0};
    std::size_t at = 0;
    for (std::size_t part = 0; part + 1 < shares.size(); ++part) {
        share += shares[part];
        // To the middle of a file: it goes where most of it belongs.
        for (; at < sizes.size() && dealt + weight(sizes[at]) / 2 <= share * all; ++at) dealt += weight(sizes[at]);
        const auto end = static_cast<std::int64_t>(at);
        if (end > ends.back() && at < sizes.size()) ends.push_back(end);
    }
    ends.push_back(static_cast<std::int64_t>(sizes.size()));
    return ends;
}

}  // namespace plimsoll::workflow
