// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/device_page.h"

#include <doctest/doctest.h>

using namespace plimsoll::machine;

TEST_CASE("what a run holds of each GPU is read as it was written, by who knows its token") {
    const std::vector<int> held{1000, 0, 250};
    const DevicePage page = device_page_of(7, held);
    CHECK(devices_of(page, 7) == held);
    CHECK_FALSE(devices_of(page, 8));
    CHECK_FALSE(devices_of(DevicePage{}, 0));
}

TEST_CASE("a page in which any byte that counts was changed tells nothing") {
    const DevicePage page = device_page_of(7, std::vector<int>{1000, 250});
    for (std::size_t at = 0; at < 24 + 2 * device_page_most; ++at) {
        DevicePage damaged = page;
        damaged[at] ^= std::byte{4};
        CAPTURE(at);
        CHECK_FALSE(devices_of(damaged, 7));
    }
}

TEST_CASE("more devices than the page has room for are left out") {
    CHECK(devices_of(device_page_of(7, std::vector<int>(100, 5)), 7) == std::vector<int>(device_page_most, 5));
}
