// SPDX-License-Identifier: Apache-2.0
// Any bytes as a dump by sacct: read to the end or refused with words, what is taken is in order, and the same text
// cut elsewhere gives the same.
#include "plimsoll/exchange/fuzz_source_for_test.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    plimsoll::exchange::fuzz_source("sacct", text);
    plimsoll::exchange::fuzz_source("sacct",
                                    "JobID|JobName|State|ReqMem|Elapsed|MaxRSS|TotalCPU\n1|a" + std::string(text));
    return 0;
}
