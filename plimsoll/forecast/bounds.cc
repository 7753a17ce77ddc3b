// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/bounds.h"

#include <algorithm>
#include <cmath>

namespace plimsoll::forecast {
namespace {

constexpr std::int64_t mib = 1 << 20;
constexpr Cores default_cpu{1};

// The system and other programs use some: a task for every core must fit beside them.
constexpr double left_to_tasks = 0.75;

Bytes fair_share(const Terms& terms, Cores cpu) {
    const double share = std::min(1.0, cpu / std::max(terms.machine_cpu, default_cpu));
    return terms.machine_memory * (left_to_tasks * share);
}

/// The user's word, however small; the machine alone can cut it.
Bytes as_asked(Bytes memory, const Terms& terms) { return std::min(memory, within_machine(memory, terms)); }
Cores as_asked(Cores cpu, const Terms& terms) { return std::min(cpu, within_machine(cpu, terms)); }

}  // namespace

Forecast requested(const Terms& terms) {
    const Cores cpu = terms.request.cpu ? as_asked(*terms.request.cpu, terms) : within_machine(default_cpu, terms);
    const Bytes memory =
        terms.request.memory ? as_asked(*terms.request.memory, terms) : within_machine(fair_share(terms, cpu), terms);
    const double runtime = terms.request.time ? seconds(*terms.request.time) : 0;
    const auto amount = [](double value) {
        return Estimate{.p50 = value, .bound = value, .stated = {}, .measured = {}};
    };
    return {.memory = amount(static_cast<double>(memory.count)),
            .cpu = amount(cpu.count),
            .runtime = amount(runtime),
            .threads = threads_of(terms),
            .curve = {},
            .source = Provenance::request,
            .model = terms.request.memory ? "request" : "default",
            .samples = 0};
}

Bytes within_machine(Bytes memory, const Terms& terms) {
    const Bytes rounded{(memory.count + mib - 1) / mib * mib};
    const Bytes enough = std::max(rounded, least_memory);
    return terms.machine_memory.count > 0 ? std::min(enough, terms.machine_memory) : enough;
}

Cores within_machine(Cores cpu, const Terms& terms) {
    return std::min(std::max(cpu, least_cpu), std::max(terms.machine_cpu, least_cpu));
}

Bytes first_attempt(Bytes memory, const Terms& terms) {
    const Bytes within = within_machine(memory, terms);
    return terms.request.memory && !terms.may_exceed_request ? std::min(within, *terms.request.memory) : within;
}

Cores first_attempt(Cores cpu, const Terms& terms) {
    const Cores within = within_machine(cpu, terms);
    return terms.request.cpu && !terms.may_exceed_request ? std::min(within, *terms.request.cpu) : within;
}

int threads_of(const Terms& terms) {
    const double asked = terms.request.cpu.value_or(default_cpu).count;
    const double most = std::max(1.0, std::floor(terms.machine_cpu.count + 1e-6));
    return static_cast<int>(std::clamp(std::ceil(asked - 1e-6), 1.0, most));
}

}  // namespace plimsoll::forecast
