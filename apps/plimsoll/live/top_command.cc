// SPDX-License-Identifier: Apache-2.0
// plimsoll top: who uses and holds how much of this machine.
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/follow.h"
#include "apps/plimsoll/live/redrawn.h"
#include "apps/plimsoll/live/run_watch.h"
#include "apps/plimsoll/live/terminal.h"
#include "plimsoll/base/clock.h"
#include "plimsoll/base/log.h"
#include "plimsoll/machine/busy.h"
#include "plimsoll/machine/host.h"
#include "plimsoll/machine/ledger_file.h"
#include "plimsoll/view/live_file.h"
#include "plimsoll/view/machine_view.h"
#include "plimsoll/view/run_view_json.h"

namespace plimsoll::cli {
namespace {

constexpr Duration period = std::chrono::seconds(1);
// Long enough for hundredths of a second to tell tenths of a core.
constexpr Duration first_look = std::chrono::milliseconds(200);
constexpr int all_lines = 100000;

/// How busy the cores were since the last call.
class BusyCores {
public:
    explicit BusyCores(const machine::Host& host)
        : is_whole_(!host.enclosure.cpu &&
                    host.amounts.cpu.count >= static_cast<double>(::sysconf(_SC_NPROCESSORS_ONLN))) {
        look();
    }
    /// Nothing within a limit of cores: what the whole machine does says little there.
    std::optional<Cores> look() {
        const Instant now = clock_.now();
        const std::optional<Duration> busy = is_whole_ ? machine::busy_time() : std::nullopt;
        std::optional<Cores> cores;
        if (busy && busy_ && now > at_) cores = Cores{seconds(*busy - *busy_) / seconds(now - at_)};
        busy_ = busy;
        at_ = now;
        return cores;
    }

private:
    bool is_whole_;
    MachineClock clock_;
    std::optional<Duration> busy_;
    Instant at_{};
};

view::MachineView look(const machine::Host& host, BusyCores& busy) {
    view::MachineView seen{.total = view::amounts_of(host.amounts),
                           .memory_available = host.amounts.memory,
                           .cores_busy = busy.look(),
                           .runs = view::read_all_live(own_live_folder()),
                           .other_runs = 0,
                           .others_used = {},
                           .others_reserved = {}};
    if (const auto memory = machine::read_memory(host)) seen.memory_available = memory->available;
    const auto holdings = machine::LedgerFile::holdings(ledger_file());
    if (!holdings) return seen;
    for (const machine::Holding& holding : *holdings) {
        if (std::ranges::find(seen.runs, holding.pid, [](const auto& run) { return run.owner.pid; }) != seen.runs.end())
            continue;
        ++seen.other_runs;
        seen.others_used.memory += holding.memory_used;
        seen.others_reserved += view::amounts_of(holding.reserved);
    }
    return seen;
}

Result<int> top(const TopOptions& options) {
    const machine::Host host = PLIM_TRY(machine::read_host());
    BusyCores busy(host);
    if (options.json || options.once || !can_draw(STDOUT_FILENO)) {
        pause_for(first_look);
        const view::MachineView seen = look(host, busy);
        if (options.json) {
            print(view::to_json(seen) + "\n");
            return static_cast<int>(Exit::done);
        }
        const int columns = page_of(STDOUT_FILENO).value_or(view::Page{}).columns;
        for (const std::string& line : view::draw_machine(seen, {.columns = columns, .lines = all_lines}))
            print(line + "\n");
        return static_cast<int>(Exit::done);
    }
    Redrawn screen = PLIM_TRY(Redrawn::open());
    for (Duration span = first_look; screen.wait(span); span = period)
        screen.draw([seen = look(host, busy)](const view::Page& page) { return view::draw_machine(seen, page); });
    return static_cast<int>(Exit::done);
}

}  // namespace

int top_command(const TopOptions& options) {
    const auto code = top(options);
    return code ? *code : fail(code.error());
}

}  // namespace plimsoll::cli
