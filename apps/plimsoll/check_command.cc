// SPDX-License-Identifier: Apache-2.0
// plimsoll check FILE: every mistake in a workflow file at once.
#include <fmt/format.h>

#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/containers.h"
#include "apps/plimsoll/load.h"
#include "plimsoll/machine/host.h"

namespace plimsoll::cli {

int check_command(const CheckOptions& options) {
    const auto host = machine::read_host();
    if (!host) return fail(host.error());
    const auto loaded = load(options.file, options.set, host->amounts);
    if (!loaded) return fail(loaded.error());
    print(fmt::format("{}: {} steps, {} tasks, nothing wrong\n", options.file, loaded->workflow.steps.size(),
                      loaded->tasks.size()));
    print(image_notes(loaded->workflow, options.container_engine));
    return Exit::done;
}

}  // namespace plimsoll::cli
