// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/run_teller.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/event_json.h"
#include "plimsoll/base/log.h"

namespace plimsoll::cli {

Result<RunTeller> RunTeller::open(const RunOptions& options, const RunId& run, const history::RunPaths& paths,
                                  std::uint32_t tasks) {
    constexpr int append_only = O_WRONLY | O_CREAT | O_APPEND;
    Fd events = PLIM_TRY(open_file(paths.events, append_only));
    Fd output = PLIM_TRY(open_file(paths.output, append_only));
    TextReport report{.quiet = options.quiet, .explain = options.explain, .tasks = tasks};
    return RunTeller(options.json, run, std::move(report), std::move(events), std::move(output));
}

void RunTeller::tell(std::span<const loop::Event> events) {
    std::string lines, text;
    for (const loop::Event& event : events) {
        up_to_date_ += event.kind == loop::EventKind::task_up_to_date;
        lines += event_json(event, run_) + "\n";
        text += report_.lines_for(event);
    }
    if (!lines.empty()) append(events_, lines);
    if (!text.empty()) append(output_, text);
    const std::string& shown = json_ ? lines : text;
    if (!shown.empty()) print(shown);
}

void RunTeller::tell_text(const std::string& text) {
    append(output_, text);
    if (!json_ && !report_.quiet) print(text);
}

// These files only tell again what the history holds: a full disk must not end a run for their sake.
void RunTeller::append(const Fd& file, const std::string& text) {
    if (::write(file.fd(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) || complained_) return;
    complained_ = true;
    log(LogLevel::warning, std::string("the run's event files are not complete: ") + std::strerror(errno));
}

}  // namespace plimsoll::cli
