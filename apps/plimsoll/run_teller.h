// SPDX-License-Identifier: Apache-2.0
// Tells a run's events: to the run's folder, for `attach` and for programs, and from there to standard output, at the
// pace of whoever reads it; the run does not wait for him. On a terminal that can draw only what is to stay is told
// line by line, and below it a view shows how the run stands.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "apps/plimsoll/commands.h"
#include "apps/plimsoll/live/terminal_view.h"
#include "apps/plimsoll/shown_file.h"
#include "apps/plimsoll/text_report.h"
#include "plimsoll/base/file.h"
#include "plimsoll/base/log.h"
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
    /// That failed tasks did not find.
    const std::set<std::string>& missing_programs() const { return report_.missing_programs; }
    std::uint32_t up_to_date() const { return up_to_date_; }
    /// Is there a terminal that shows how the run stands?
    bool draws() const { return view_ != nullptr; }
    /// So it stands now.
    void look(view::RunView run);
    /// The view goes, for good or until the next look. It is gone when this returns, if the terminal takes it at once.
    void hide();

private:
    /// A file of the run's folder that only this process writes.
    struct Told {
        Fd file;
        off_t size = 0;
    };
    RunTeller(bool json, RunId run, TextReport report, Told events, Told output)
        : json_(json),
          run_(std::move(run)),
          report_(std::move(report)),
          events_(std::move(events)),
          output_(std::move(output)) {}
    static Result<Told> open_told(const std::string& path);
    Result<void> open_shown(const RunOptions& options, const history::RunPaths& paths);
    void append(Told& told, const std::string& text, bool is_shown);

    bool json_;
    RunId run_;
    TextReport report_;
    Told events_;
    Told output_;
    std::unique_ptr<ShownFile> shown_;
    TerminalView* view_ = nullptr;  ///< of `shown_`, where it draws
    std::unique_ptr<LogSink> log_;  ///< goes before what it writes to
    std::uint32_t up_to_date_ = 0;
    bool complained_ = false;
};

}  // namespace plimsoll::cli
