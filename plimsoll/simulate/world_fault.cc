// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/world_fault.h"

#include <functional>

namespace plimsoll::simulate {
namespace {

using Kind = WorldFault::Kind;

machine::QueueHolding holding_of(const WorldFault& fault) {
    return {.path = fault.queue,
            .run = static_cast<std::uint64_t>(fault.from.count()) + 1,
            .held = fault.amounts,
            .running = 1,
            .first = fault.waits};
}

/// Sets it going, or ends it.
void set_fault(const WorldFault& fault, SimulatedRun& run, bool is_on) {
    switch (fault.kind) {
        case Kind::others:
            run.machine().others_hold(is_on ? fault.amounts : Resources{});
            if (!fault.queue.empty()) run.machine().others_queue(is_on ? holding_of(fault) : machine::QueueHolding{});
            return;
        case Kind::history_full: return;  // the store knows beforehand
        case Kind::disk_full: return run.engine().fill_disk(is_on);
        case Kind::node_lost: return run.engine().set_there(fault.node, !is_on);
        case Kind::node_slow: return run.engine().set_speed(fault.node, is_on ? fault.factor : 1);
        case Kind::telemetry_lost: return run.usage().lose(is_on);
        case Kind::limits_refused: return run.limits().refuse(is_on);
        case Kind::limits_changed: return run.limits().meddle();
        case Kind::clock_jumps: return run.clock().jump(fault.length);
        case Kind::suspended: return run.engine().suspend(fault.length);
        case Kind::runner_killed: return;
    }
}

}  // namespace

bool lasts(WorldFault::Kind kind) {
    return kind != Kind::limits_changed && kind != Kind::clock_jumps && kind != Kind::suspended &&
           kind != Kind::runner_killed;
}

void arrange(const std::vector<WorldFault>& faults, SimulatedRun& run) {
    const Instant begin = run.clock().now();
    for (const WorldFault& fault : faults) {
        const Instant from{fault.from}, until{fault.until};
        if (!lasts(fault.kind)) {
            if (from > begin || (from == begin && begin == Instant{}))
                run.engine().at(from, [&fault, &run] { set_fault(fault, run, true); });
            continue;
        }
        if (until <= begin) continue;
        if (from <= begin) set_fault(fault, run, true);
        else run.engine().at(from, [&fault, &run] { set_fault(fault, run, true); });
        run.engine().at(until, [&fault, &run] { set_fault(fault, run, false); });
    }
}

const WorldFault* next_death(const std::vector<WorldFault>& faults, Instant after) {
    const WorldFault* next = nullptr;
    for (const WorldFault& fault : faults)
        if (fault.kind == Kind::runner_killed && Instant(fault.from) > after && (!next || fault.from < next->from))
            next = &fault;
    return next;
}

}  // namespace plimsoll::simulate
