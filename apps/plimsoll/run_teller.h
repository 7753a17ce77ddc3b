// SPDX-License-Identifier: Apache-2.0
// Tells a run's events: to the terminal, and to the run's folder for `attach` and for programs.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "apps/plimsoll/commands.h"
#include "apps/plimsoll/text_report.h"
#include "plimsoll/base/file.h"
#include "plimsoll/history/location.h"
#include "plimsoll/loop/event.h"

namespace plimsoll::cli {

class RunTeller {
public:
    static Result<RunTeller> open(const RunOptions& options, const RunId& run, const history::RunPaths& paths,
                                  std::uint32_t tasks);
    void tell(std::span<const loop::Event> events);
    /// Text that is not an event: the summary at the end. Not shown with --json or --quiet.
    void tell_text(const std::string& text);
    std::uint32_t up_to_date() const { return up_to_date_; }

private:
    RunTeller(bool json, RunId run, TextReport report, Fd events, Fd output)
        : json_(json),
          run_(std::move(run)),
          report_(std::move(report)),
          events_(std::move(events)),
          output_(std::move(output)) {}
    void append(const Fd& file, const std::string& text);

    bool json_;
    RunId run_;
    TextReport report_;
    Fd events_;
    Fd output_;
    std::uint32_t up_to_date_ = 0;
    bool complained_ = false;
};

}  // namespace plimsoll::cli
