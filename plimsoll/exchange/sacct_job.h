// SPDX-License-Identifier: Apache-2.0
// One job of a dump by sacct: from its rows to an attempt. Internal to `exchange`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/exchange/imported.h"
#include "plimsoll/exchange/kind_names.h"
#include "plimsoll/exchange/sacct_fields.h"
#include "plimsoll/exchange/sacct_table.h"

namespace plimsoll::exchange {

struct SacctStep {
    bool numbered = false;  ///< started by srun; else the batch script, or what ran beside it
    bool out_of_memory = false;
    Bytes peak{};
    std::optional<WallTime> start, end;
};

struct SacctJob {
    std::string id;
    std::size_t line = 0;
    std::string name, user, cluster, comment;
    SacctState state = SacctState::completed;
    int exit_code = 0, signal = 0;
    Duration elapsed{};
    std::optional<WallTime> start, end, submit;
    double cpus = 0, nodes = 1;
    Request request;
    Duration cpu{};        ///< as its own row says
    Duration steps_cpu{};  ///< as its steps' rows say
    std::vector<SacctStep> steps;
    bool has_steps = false;
};

/// What cannot be read: "'{}' is no ..." takes the field.
struct Fault {
    SacctColumn column = SacctColumn::job_id;
    std::string_view why;
};

/// From the job's own row.
std::optional<Fault> read_job(const SacctTable& row, SacctJob& job);
/// From the row of one of its steps.
std::optional<Fault> read_step(const SacctTable& row, std::string_view step, SacctJob& job);

/// Why nothing can be learnt of it; empty: something can.
std::string_view reason_to_skip(const SacctJob& job);
/// What should be known of what was learnt of it.
std::vector<std::string_view> notes_of(const SacctJob& job);
Imported imported_of(const SacctJob& job, KindNames& names, TaskId task);

/// The most that its steps held together, as far as it can be told.
Bytes peak_of(const std::vector<SacctStep>& steps);

}  // namespace plimsoll::exchange
