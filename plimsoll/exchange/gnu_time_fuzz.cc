// SPDX-License-Identifier: Apache-2.0
// Any bytes as a file of gnu-time.
#include "plimsoll/exchange/fuzz_source_for_test.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    plimsoll::exchange::fuzz_source("gnu-time", {reinterpret_cast<const char*>(data), size});
    return 0;
}
