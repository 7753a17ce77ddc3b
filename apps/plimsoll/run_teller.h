// SPDX-License-Identifier: Apache-2.0
// Tells a run's events: to the run's folder, for `attach` and for programs, and from there to standard output, at the
// pace of whoever reads it; the run does not wait for him.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "apps/plimsoll/commands.h"
#include "apps/plimsoll/shown_file.h"
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
    /// Waits until standard output has taken all of it; `give_up`, asked many times a second, ends the wait.
    void finish(const std::function<bool()>& give_up) { shown_->finish(give_up); }
    std::uint32_t up_to_date() const { return up_to_date_; }

private:
    /// A file of the run's folder that only this process writes.
    struct Told {
        Fd file;
        off_t size = 0;
    };
    RunTeller(bool json, RunId run, TextReport report, Told events, Told output, std::unique_ptr<ShownFile> shown)
        : json_(json),
          run_(std::move(run)),
          report_(std::move(report)),
          events_(std::move(events)),
          output_(std::move(output)),
          shown_(std::move(shown)) {}
    static Result<Told> open_told(const std::string& path);
    void append(Told& told, const std::string& text, bool is_shown);

    bool json_;
    RunId run_;
    TextReport report_;
    Told events_;
    Told output_;
    std::unique_ptr<ShownFile> shown_;
    std::uint32_t up_to_date_ = 0;
    bool complained_ = false;
};

}  // namespace plimsoll::cli
