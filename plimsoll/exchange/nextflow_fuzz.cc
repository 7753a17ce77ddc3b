// SPDX-License-Identifier: Apache-2.0
// Any bytes as a Nextflow trace.
#include "plimsoll/exchange/fuzz_source_for_test.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    plimsoll::exchange::fuzz_source("nextflow", text);
    plimsoll::exchange::fuzz_source("nextflow",
                                    "name,status,exit,memory,attempt,realtime,%cpu,peak_rss,start\nA,FAILED," + text);
    return 0;
}
