// SPDX-License-Identifier: Apache-2.0
// Whether the deadlines of a run can be kept, before anything of it starts; and the tasks of a run as `schedule`
// rehearses them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "apps/plimsoll/outlook.h"
#include "plimsoll/base/result.h"
#include "plimsoll/schedule/dry_run.h"

namespace plimsoll::cli {

/// The tasks that would run, as the schedule plans them. Whoever needs a task that would run would run too, so that
/// the needs left out here are done. `named`, if there, is filled with the place in `all` of each.
std::vector<schedule::DryTask> dry_tasks(std::span<const Outlook> all, std::vector<std::size_t>* named = nullptr);

/// --deadline, "": none, holds for every step, beside its own. An error where it is no time.
Result<void> set_deadline(const std::string& spelt, std::span<Step* const> steps);

/// Nothing has a deadline: says so and costs nothing.
bool have_deadlines(std::span<const Task> tasks);

/// An error names each deadline that cannot be kept, what rules it out, and the earliest that can. Otherwise what is to
/// be said of those admitted: "" or that they rest on tasks of unknown length.
Result<std::string> admit_deadlines(std::span<const Outlook> all, const Resources& capacity);

}  // namespace plimsoll::cli
