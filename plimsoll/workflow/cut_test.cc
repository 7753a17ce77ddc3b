// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/cut.h"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

#include "plimsoll/base/random.h"
#include "tests/temporary_folder.h"

namespace plimsoll::workflow {
namespace {

/// The parts that a text is cut into.
std::vector<std::string> pieces(const std::string& text, const SplitRule& rule, const std::vector<double>& shares) {
    const tests::TemporaryFolder folder;
    const std::string path = folder.path() + "/input";
    std::ofstream(path) << text;
    const auto cuts = cut_file(path, rule, shares);
    REQUIRE(cuts);
    std::vector<std::string> parts;
    for (std::size_t at = 0; at + 1 < cuts->ends.size(); ++at)
        parts.push_back(text.substr(static_cast<std::size_t>(cuts->ends[at]),
                                    static_cast<std::size_t>(cuts->ends[at + 1] - cuts->ends[at])));
    return parts;
}

const std::vector<double> halves = {0.5, 0.5}, quarters = {0.25, 0.25, 0.25, 0.25};
using Parts = std::vector<std::string>;

TEST_CASE("a file is cut where a line begins, the first after its share") {
    CHECK(pieces("aaa\nbbb\nccc\nddd\n", {}, halves) == Parts{"aaa\nbbb\n", "ccc\nddd\n"});
    CHECK(pieces("aaaaaaaa\nb\nc\n", {}, halves) == Parts{"aaaaaaaa\n", "b\nc\n"});
    CHECK(pieces("a\nb", {}, halves) == Parts{"a\n", "b"});
}

TEST_CASE("there are no more parts than records, and none is empty") {
    CHECK(pieces("one line without an end", {}, quarters) == Parts{"one line without an end"});
    CHECK(pieces("a\nb\n", {}, quarters) == Parts{"a\n", "b\n"});
    CHECK(pieces("", {}, quarters).size() == 1);
}

TEST_CASE("a header is no part, and every part may have it") {
    CHECK(pieces("name,count\na,1\nb,2\n", {.record = {}, .header = 1}, halves) == Parts{"a,1\n", "b,2\n"});
}

TEST_CASE("a FASTA record stays whole, however many lines it has") {
    const SplitRule fasta{.by = SplitBy::fasta, .record = {}};
    CHECK(pieces(">a\nACGT\nACGT\nACGT\n>b\nAC\n", fasta, quarters) == Parts{">a\nACGT\nACGT\nACGT\n", ">b\nAC\n"});
}

// Each quality line begins with '@' and is followed by a header that does too.
TEST_CASE("a FASTQ record is told from a line of qualities that looks like its head") {
    const SplitRule fastq{.by = SplitBy::fastq, .record = {}};
    const std::string record = "@r\nACGT\n+\n@@@@\n";
    CHECK(pieces(record + record + record + record, fastq, quarters) == Parts{record, record, record, record});
}

TEST_CASE("a record begins with what the workflow says") {
    const SplitRule records{.by = SplitBy::records, .record = "BEGIN"};
    CHECK(pieces("BEGIN 1\nx\nBEGIN 2\nx\n", records, halves) == Parts{"BEGIN 1\nx\n", "BEGIN 2\nx\n"});
}

TEST_CASE("a file that is not made of such records is refused with what was looked for") {
    const tests::TemporaryFolder folder;
    const std::string path = folder.path() + "/input";
    std::ofstream(path) << "ACGT\n";
    const auto cuts = cut_file(path, {.by = SplitBy::fasta, .record = {}}, halves);
    REQUIRE(!cuts);
    CHECK(cuts.error().message.find("does not begin with a FASTA record") != std::string::npos);
}

// Whatever is cut is the file again when put together, and every part but the first begins a record: lines of up to
// three blocks, so that cuts fall within blocks, at their ends and across them.
TEST_CASE("parts put together are the file, for lines of any length") {
    Rng rng(7);
    for (int round = 0; round < 40; ++round) {
        std::string text;
        for (auto line = rng.between(0, 30); line >= 0; --line)
            text += std::string(static_cast<std::size_t>(rng.between(0, round % 4 == 0 ? 200'000 : 50)), 'x') + "\n";
        const std::vector<double> shares(static_cast<std::size_t>(rng.between(1, 9)), 0.1);
        std::string joined;
        for (const std::string& part : pieces(text, {}, shares)) {
            CHECK((joined.empty() || joined.back() == '\n'));
            joined += part;
        }
        CHECK(joined == text);
    }
}

TEST_CASE("numbers and files are dealt out by their shares") {
    CHECK(cut_count(10, halves) == std::vector<std::int64_t>{0, 5, 10});
    CHECK(cut_count(2, quarters) == std::vector<std::int64_t>{0, 1, 2});
    const std::vector<std::int64_t> sizes = {8'000'000, 1'000'000, 1'000'000, 6'000'000};
    CHECK(deal_files(sizes, halves) == std::vector<std::int64_t>{0, 1, 4});
}

}  // namespace
}  // namespace plimsoll::workflow
