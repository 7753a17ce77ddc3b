// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/devices.h"

#include <doctest/doctest.h>

using namespace plimsoll::schedule;

TEST_CASE("a number of GPUs is whole devices, or a share of one") {
    CHECK(devices_for(0) == DeviceAsk{});
    CHECK(devices_for(0.25) == DeviceAsk{.devices = 1, .share = 250});
    CHECK(devices_for(1) == DeviceAsk{.devices = 1});
    CHECK(devices_for(3) == DeviceAsk{.devices = 3});
}

TEST_CASE("halves that are free on two devices make no whole one") {
    DeviceNode node = idle_devices(2);
    const DeviceAsk half = devices_for(0.5), whole = devices_for(1);
    take(node, half, std::vector<int>{0});
    take(node, half, std::vector<int>{1});
    CHECK(node.idle() == whole_device);
    CHECK_FALSE(fits(node, whole));
    CHECK(tightest_devices(node, half) == std::vector<int>{0});
    give_back(node, half, std::vector<int>{1});
    CHECK(tightest_devices(node, whole) == std::vector<int>{1});
    CHECK(tightest_devices(node, half) == std::vector<int>{0});
}
