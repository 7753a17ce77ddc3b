// SPDX-License-Identifier: Apache-2.0
// Deadlines before a run begins: by when each task must start, and whether all of them can be kept.
//
// A deadline of a task binds all that it needs: backwards through the DAG each must be done when the first that needs
// it must start. Work of known length on pooled resources is then tested twice.
//
//   necessary   for each deadline and each resource, what is due by then fits into the time up to then, and no chain is
//               longer than its deadline. What fails here no schedule can keep.
//   sufficient  tasks are put into the calendar one by one, the earliest deadline first, each as early as it fits after
//               what it needs. Where every finish keeps its deadline, that schedule is the proof.
//
// Between the two lies work that might be kept by another order (the problem is NP-hard); it is refused. What is put in
// again for each question is all that has not started: nothing is taken to stand where it once was planned.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "plimsoll/schedule/dry_run.h"

namespace plimsoll::schedule {

/// By when each task must be done for all deadlines to be kept, from the start of the run; nothing where none rests on
/// it. Runtimes are those reserved. May come before the start: then no order keeps it.
std::vector<std::optional<Duration>> latest_finishes(std::span<const DryTask> tasks);

struct Admission {
    /// A deadline that is not kept.
    struct Miss {
        TaskId task = 0;      ///< whose deadline it is
        Duration deadline{};  ///< as asked for
        Duration earliest{};  ///< with this one instead, and all others as they are or as told here, all are kept
        /// What rules it out: the resource of which too little is there by then ("cpu"), "path" where a chain is too
        /// long; "" where only the order that was tried does not keep it.
        std::string_view ruled_out_by;
        bool operator==(const Miss&) const = default;
    };
    std::vector<Miss> missed;      ///< none: all are admitted
    std::vector<Duration> starts;  ///< of the schedule that was found, by task; of tasks without a deadline too
    std::vector<TaskId> unknown;   ///< a deadline rests on them, and how long they take is not known
};

/// On nodes of which so much is held already. Tasks of unknown runtime are taken to need none; the promise is then
/// worth only as much as that. Tasks that no node can hold are left out.
Admission admit(std::span<const DryTask> tasks, std::span<const Calendar> nodes);

}  // namespace plimsoll::schedule
