// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/history/codec.h"

#include <doctest/doctest.h>

#include <limits>

#include "plimsoll/base/random.h"
#include "plimsoll/history/samples_for_test.h"

using namespace plimsoll;
using namespace plimsoll::history;

TEST_CASE("a receipt is read as it was written, extremes included") {
    Receipt receipt = sample_receipt(3);
    receipt.inputs.push_back({.path = "",
                              .size = std::numeric_limits<std::int64_t>::max(),
                              .mtime_ns = std::numeric_limits<std::int64_t>::min(),
                              .inode = 0,
                              .content = Hash128{.high = ~std::uint64_t{0}, .low = 0}});
    CHECK(decode_receipt(receipt.task_name, encode_receipt(receipt)).value() == receipt);
    CHECK(decode_receipt("", encode_receipt({})).value() == Receipt{});
}

TEST_CASE("a receipt that was cut short or has more behind it is damaged, not guessed at") {
    const std::string blob = encode_receipt(sample_receipt(0));
    for (std::size_t size = 0; size < blob.size(); ++size) CHECK_FALSE(decode_receipt("t", blob.substr(0, size)));
    CHECK_FALSE(decode_receipt("t", blob + '\0'));
}

TEST_CASE("no bytes at all make reading run away") {
    constexpr std::uint64_t seed = 7;
    CAPTURE(seed);
    Rng rng(seed);
    for (int round = 0; round < 2000; ++round) {
        std::string blob(static_cast<std::size_t>(rng.between(0, 60)), '\1');
        for (char& byte : blob) byte = static_cast<char>(rng.next());
        if (!blob.empty()) blob[0] = 1;
        (void)decode_receipt("t", blob);
        (void)decode_numbers(blob);
    }
}

TEST_CASE("numeric features keep their order and every bit") {
    const Numbers numbers = {{"depth", 30}, {"", -0.1}, {"x", std::numeric_limits<double>::infinity()}};
    CHECK(decode_numbers(encode_numbers(numbers)).value() == numbers);
    CHECK_FALSE(decode_numbers(encode_numbers(numbers).substr(1)));
}
