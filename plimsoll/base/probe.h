// SPDX-License-Identifier: Apache-2.0
// PLIM_PROBE("..."): marks a rare branch, so that random testing can list the branches no seed reached.
// A counter increment where it is compiled in (PLIM_PROBES), nothing otherwise.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace plimsoll {

struct ProbeCount {
    std::string name;
    std::uint64_t reached = 0;
};

/// Registers the probe on first reach and gives its counter; the same name gives the same counter.
std::atomic<std::uint64_t>& probe_counter(const char* name);
/// Every probe reached so far in this process, by name.
std::vector<ProbeCount> probe_counts();

}  // namespace plimsoll

#ifdef PLIM_PROBES
#define PLIM_PROBE(name)                                                                 \
    do {                                                                                 \
        static std::atomic<std::uint64_t>& plim_probe = ::plimsoll::probe_counter(name); \
        plim_probe.fetch_add(1, std::memory_order_relaxed);                              \
    } while (false)
#else
#define PLIM_PROBE(name) void(0)
#endif
