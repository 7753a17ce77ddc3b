// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/engine/mask.h"

#include <doctest/doctest.h>

using namespace plimsoll::engine;

namespace {

std::string masked(std::vector<std::string> values, const std::vector<std::string>& parts) {
    Mask mask(std::move(values));
    std::string text;
    for (const std::string& part : parts) text += mask.feed(part);
    return text + mask.finish();
}

}  // namespace

TEST_CASE("a value is blotted out wherever it stands, everything else stays") {
    CHECK(masked({"hunter2"}, {"hunter2: the word is hunter2, not hunter3"}) == "***: the word is ***, not hunter3");
    CHECK(masked({"hunter2"}, {"nothing to hide"}) == "nothing to hide");
    CHECK(masked({"hunter2"}, {""}).empty());
}

TEST_CASE("a value that comes in parts is still one value") {
    CHECK(masked({"hunter2"}, {"a hun", "ter", "2", " b"}) == "a *** b");
    CHECK(masked({"hunter2"}, {"a hun", "ger"}) == "a hunger");
}

TEST_CASE("of two values that begin alike the longer one is taken whole") {
    CHECK(masked({"key", "key-of-gold"}, {"key-of-gold key"}) == "*** ***");
}

TEST_CASE("an empty value hides nothing, and line ends after a value do not count") {
    CHECK(masked({""}, {"text"}) == "text");
    CHECK(masked({"\n"}, {"text\n"}) == "text\n");
    CHECK(masked({"hunter2\n"}, {"hunter2."}) == "***.");
}

TEST_CASE("a value of several lines is found when it is printed as it is") {
    CHECK(masked({"line one\nline two"}, {"line one\n", "line two\n"}) == "***\n");
}

TEST_CASE("of a value of several lines each line is found on its own, however it is indented") {
    const std::string key = "-----BEGIN KEY-----\r\n  c2VjcmV0\n-----END KEY-----\n";
    CHECK(masked({key}, {"got c2Vjc", "mV0 and\n    c2VjcmV0,\n"}) == "got *** and\n    ***,\n");
    CHECK(masked({key}, {key}) == "***\n");
}

TEST_CASE("a line that says nothing is left, lest nothing be left to read") {
    CHECK(masked({"{\n\"password\": \"hunter2\"\n}\n---\nab"}, {"{\n  \"password\": \"hunter2\"\n} --- ab"}) ==
          "{\n  ***\n} --- ab");
}
