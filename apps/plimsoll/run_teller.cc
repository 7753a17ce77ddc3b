// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/run_teller.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "apps/plimsoll/event_json.h"
#include "plimsoll/base/log.h"

namespace plimsoll::cli {

Result<RunTeller::Told> RunTeller::open_told(const std::string& path) {
    Fd file = PLIM_TRY(open_file(path, O_WRONLY | O_CREAT | O_APPEND));
    const off_t size = ::lseek(file.fd(), 0, SEEK_END);
    return Told{std::move(file), std::max<off_t>(size, 0)};
}

Result<RunTeller> RunTeller::open(const RunOptions& options, const RunId& run, const history::RunPaths& paths,
                                  std::uint32_t tasks) {
    Told events = PLIM_TRY(open_told(paths.events));
    Told output = PLIM_TRY(open_told(paths.output));
    auto shown = std::make_unique<ShownFile>(PLIM_TRY(open_file(options.json ? paths.events : paths.output, O_RDONLY)),
                                             STDOUT_FILENO);
    TextReport report{.quiet = options.quiet, .explain = options.explain, .tasks = tasks};
    return RunTeller(options.json, run, std::move(report), std::move(events), std::move(output), std::move(shown));
}

void RunTeller::tell(std::span<const loop::Event> events) {
    std::string lines, text;
    for (const loop::Event& event : events) {
        up_to_date_ += event.kind == loop::EventKind::task_up_to_date;
        lines += event_json(event, run_) + "\n";
        text += report_.lines_for(event);
    }
    if (!lines.empty()) append(events_, lines, json_);
    if (!text.empty()) append(output_, text, !json_);
}

void RunTeller::tell_text(const std::string& text) { append(output_, text, !json_ && !report_.quiet); }

// These files only tell again what the history holds: a full disk must not end a run for their sake.
void RunTeller::append(Told& told, const std::string& text, bool is_shown) {
    const ssize_t written = ::write(told.file.fd(), text.data(), text.size());
    const bool is_whole = written == static_cast<ssize_t>(text.size());
    if (is_shown && is_whole) shown_->show(told.size, text.size());
    else if (is_shown) shown_->show(text);
    told.size += std::max<ssize_t>(written, 0);
    if (is_whole || complained_) return;
    complained_ = true;
    log(LogLevel::warning, std::string("the run's event files are not complete: ") + std::strerror(errno));
}

}  // namespace plimsoll::cli
