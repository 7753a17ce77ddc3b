// SPDX-License-Identifier: Apache-2.0
// Text of the kernel, or what a broken one or a container's stand-in for it may give, is read or refused.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "plimsoll/machine/host.h"
#include "plimsoll/machine/proc.h"
#include "plimsoll/machine/proc_numbers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace plimsoll::machine;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)parse_process_stat(text);
    (void)parse_process_memory(text);
    (void)parse_process_disk(text);
    (void)single_number(text);
    (void)pressure_total_us(text);
    (void)disk_counts_v1(text);
    (void)disk_traffic_v2(text);
    (void)network_bytes(text);
    (void)count_of_list(text);
    return 0;
}
