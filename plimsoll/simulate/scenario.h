// SPDX-License-Identifier: Apache-2.0
// A scenario: a cluster, a workflow, what its tasks truly need, and what goes wrong; played as one run or as
// several one after another that keep what was learnt. Its form as a file: docs/reference/scenarios.md.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/loop/loop.h"
#include "plimsoll/simulate/drawing.h"
#include "plimsoll/simulate/simulated_run.h"
#include "plimsoll/simulate/world_fault.h"

namespace plimsoll::simulate {

/// What the tasks of a step truly do. Each task's input is drawn around `input`; memory and runtime grow with
/// it in proportion, and vary beside that by `spread` (the standard deviation of their logarithm).
struct StepTruth {
    Behaviour typical;
    double spread = 0;
    double input_spread = 0;
    Duration arrives{};  ///< its tasks join so long after the start, and not before those of the step before
};

/// A fault in what the tasks of a step do.
struct StepFault {
    std::string step;
    std::optional<int> at_run;       ///< in this run only, counted from 1
    int attempts = 1'000'000;        ///< of each task: the first so many
    double memory = 1, runtime = 1;  ///< times what it would have been
    int exit_code = 0;
    bool input_changes = false;
    bool cannot_start = false;
    bool is_refused = false;  ///< the machine cannot take it just now
    bool ignores_terminate = false;
};

struct Scenario {
    std::string description;
    std::uint64_t seed = 1;
    int runs = 1;
    std::string forecaster = "replayed-cost";
    bool keep_going = false;
    loop::ShapeMode shape = loop::ShapeMode::full;
    shape::Abilities abilities = {.limits_memory = true, .notices = true, .freezes = true};
    std::string config;  ///< the text of a config file, for its queues; "": the defaults
    std::vector<QueueSpec> queues = default_queues();
    std::vector<Node> nodes;
    std::string drawing;  ///< the workflow as text; "" where it is a file's
    Drawing workflow;
    std::map<std::string, StepTruth, std::less<>> truths;  ///< by step
    std::vector<std::string> up_to_date;                   ///< steps done by an earlier run, temporaries deleted
    std::vector<StepFault> step_faults;
    std::vector<WorldFault> faults;
    Duration history_lag{};  ///< what is written is durable up to so much later
    std::optional<std::pair<Duration, loop::StopMode>> stop;
};

/// Where and when an attempt ran, by the clock that does not jump.
struct Span {
    Instant from{}, until{};
    NodeId node = 0;
};

/// What came of one run; where Plimsoll was killed in it, of all its starts together.
struct Played {
    std::vector<loop::Event> events;
    std::vector<AttemptRecord> attempts;  ///< in the order in which they ended
    std::vector<Span> spans;              ///< of each attempt
    std::vector<TaskRecord> tasks;        ///< as the last start has them
    std::vector<std::string> deleted;     ///< temporaries, in order
    RunState state = RunState::running;
    Duration makespan{};
    int starts = 1;
    int deadlines_missed = 0;
};

/// Plays all its runs. The error is that of a run that broke a law (laws.h) or did not end.
Result<std::vector<Played>> play(const Scenario& scenario);

}  // namespace plimsoll::simulate
