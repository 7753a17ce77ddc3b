// SPDX-License-Identifier: Apache-2.0
// `plimsoll-bench models`: what it costs to know a long history.
#pragma once

#include "benches/models/cost.h"

namespace CLI {
class App;
}

namespace plimsoll::benches {

struct ModelsFlags {
    PastSize past;
    bool json = false;
};

/// The flags outlive the app.
CLI::App* add_models_command(CLI::App& app, ModelsFlags& flags);
/// The exit code: 0 done, 2 wrong usage, 3 the history could not be written.
int run_models(const ModelsFlags& flags);

}  // namespace plimsoll::benches
