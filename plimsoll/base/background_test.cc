// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/base/background.h"

#include <doctest/doctest.h>

#include <future>
#include <memory>
#include <string>
#include <thread>

using namespace plimsoll;

TEST_CASE("work in line is done when run returns") {
    InLine in_line;
    int done = 0;
    in_line.run([&done] { ++done; });
    CHECK(done == 1);
}

TEST_CASE(
    "a low-priority thread, once begun, works in the order of what it was handed, and not on the caller's thread") {
    LowPriorityThread thread;
    bool in_line = false;
    thread.run([&in_line] { in_line = true; });
    CHECK(in_line);  // not begun
    thread.begin();
    const auto order = std::make_shared<std::string>();
    const auto last = std::make_shared<std::promise<std::thread::id>>();
    std::future<std::thread::id> worker = last->get_future();
    for (const char letter : {'a', 'b', 'c'}) thread.run([order, letter] { *order += letter; });
    thread.run([last] { last->set_value(std::this_thread::get_id()); });
    CHECK(worker.get() != std::this_thread::get_id());
    CHECK(*order == "abc");
}
