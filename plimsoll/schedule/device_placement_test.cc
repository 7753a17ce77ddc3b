// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/device_placement.h"

#include <doctest/doctest.h>

using namespace plimsoll;
using namespace plimsoll::schedule;

namespace {

DeviceNode node(double cores, std::vector<int> devices, std::string model = "T4") {
    return {.free = counts_of({.cpu = Cores{cores}}), .devices = std::move(devices), .model = std::move(model)};
}

DeviceAsk ask(double cores, int devices, int share = whole_device, std::vector<std::string> models = {}) {
    return {
        .amounts = counts_of({.cpu = Cores{cores}}), .devices = devices, .share = share, .models = std::move(models)};
}

void learn(DevicePlacement& placement, const DeviceAsk& ask, int times) {
    for (int at = 0; at < times; ++at) placement.learn(ask);
}

using Choice = DevicePlacement::Choice;

}  // namespace

TEST_CASE("a share is had of one device, whole ones of as many as are asked for") {
    const DeviceNode two = node(8, {600, 400});
    CHECK(fits(two, ask(1, 1, 600)));
    CHECK_FALSE(fits(two, ask(1, 1, 700)));  // 1000 in all, but not on one
    CHECK_FALSE(fits(two, ask(1, 1)));
    CHECK_FALSE(fits(two, ask(9, 1, 100)));
    CHECK_FALSE(fits(two, ask(1, 1, 100, {"V100"})));
    CHECK(fits(two, ask(1, 0)));
    CHECK(fits(node(8, {1000, 0, 1000}), ask(1, 2)));
}

TEST_CASE("what is taken and given back leaves what was there") {
    const DeviceNode before = node(8, {600, 1000, 600});
    DeviceNode after = before;
    const DeviceAsk share = ask(0.3, 1, 333);
    const std::vector<int> devices = tightest_devices(after, share);
    CHECK(devices == std::vector<int>{0});
    take(after, share, devices);
    CHECK(after.devices == std::vector<int>{267, 1000, 600});
    give_back(after, share, devices);
    CHECK(after == before);
}

TEST_CASE("where nothing is known the fullest node that fits is taken, and of equals the lowest") {
    const DevicePlacement placement;
    const std::vector<DeviceNode> nodes = {node(8, {1000, 1000}), node(8, {1000, 0}), node(8, {0, 1000})};
    CHECK(placement.choose(nodes, ask(1, 1)) == Choice{1, {0}});
    CHECK(placement.choose(nodes, ask(1, 2)) == Choice{0, {0, 1}});
    CHECK(placement.choose(nodes, ask(1, 3)) == std::nullopt);
}

// The typical task wants 10 cores per device. Node 0 has 16 for its two: two such tasks do not fit, so one
// that wants 2 cores costs nothing there, while one that wants 14 would strand a device.
TEST_CASE("tasks that want few cores go where cores are short, those that want many where they are plenty") {
    DevicePlacement placement;
    learn(placement, ask(10, 1), 100);
    const std::vector<DeviceNode> nodes = {node(16, {1000, 1000}), node(40, {1000, 1000})};
    CHECK(placement.choose(nodes, ask(2, 1)) == Choice{0, {0}});
    CHECK(placement.choose(nodes, ask(14, 1)) == Choice{1, {0}});
    CHECK(placement.choose(nodes, ask(14, 0)) == Choice{1, {}});
}

// Shares of 700 and 300 are asked for equally often. A third on 700 leaves 400, of which 100 stay unused.
TEST_CASE("holes are left that common shares fill") {
    DevicePlacement placement;
    learn(placement, ask(0, 1, 700), 50);
    learn(placement, ask(0, 1, 300), 50);
    const std::vector<DeviceNode> nodes = {node(8, {700, 300})};
    CHECK(placement.choose(nodes, ask(1, 1, 300)) == Choice{0, {1}});
    CHECK(placement.choose(nodes, ask(1, 1, 700)) == Choice{0, {0}});
}

// First all want 10 cores a device, then, for much longer than the memory, 2: node 0 is short of cores no more.
TEST_CASE("what is typical follows the load") {
    DevicePlacement placement({.memory = 64});
    learn(placement, ask(10, 1), 200);
    const std::vector<DeviceNode> nodes = {node(16, {1000, 1000}), node(40, {1000, 1000})};
    REQUIRE(placement.choose(nodes, ask(14, 1)) == Choice{1, {0}});
    learn(placement, ask(2, 1), 5000);
    CHECK(placement.choose(nodes, ask(14, 1)) == Choice{0, {0}});
}
