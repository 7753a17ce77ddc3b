// SPDX-License-Identifier: Apache-2.0
// MachineView: who uses and holds how much of this machine at one instant, and how that is drawn: `plimsoll top`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plimsoll/view/page.h"
#include "plimsoll/view/run_view.h"

namespace plimsoll::view {

struct MachineView {
    Amounts total;
    Bytes memory_available{};              ///< could be given to programs now
    std::optional<Cores> cores_busy;       ///< of all programs; none: not to be known
    std::vector<RunView> runs;             ///< this user's, by their start
    int other_runs = 0;                    ///< other users', and those that tell nothing of themselves
    Amounts others_used, others_reserved;  ///< by these; what cores they use nobody tells

    Amounts used_by_runs() const;
    Amounts reserved() const;
    /// Memory used by programs beside Plimsoll.
    Bytes programs() const;
    /// Neither reserved nor, of memory, used by other programs.
    Amounts free() const;
    bool operator==(const MachineView&) const = default;
};

/// The machine, then each run and its steps that have tasks running or waiting; at most `page.lines` lines.
std::vector<std::string> draw_machine(const MachineView& machine, const Page& page);

}  // namespace plimsoll::view
