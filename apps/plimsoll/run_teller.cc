// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/run_teller.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "apps/plimsoll/event_json.h"
#include "apps/plimsoll/live/terminal.h"
#include "plimsoll/base/log.h"
#include "plimsoll/view/run_observer.h"

namespace plimsoll::cli {
namespace {

class ShownLog final : public LogSink {
public:
    explicit ShownLog(ShownFile& shown) : shown_(shown) {}
    ~ShownLog() override { close(); }
    void take(std::string_view line) override { shown_.show(std::string(line)); }

private:
    ShownFile& shown_;
};

}  // namespace

Result<RunTeller::Told> RunTeller::open_told(const std::string& path) {
    Fd file = PLIM_TRY(open_file(path, O_WRONLY | O_CREAT | O_APPEND));
    const off_t size = ::lseek(file.fd(), 0, SEEK_END);
    return Told{std::move(file), std::max<off_t>(size, 0)};
}

Result<RunTeller> RunTeller::open(const RunOptions& options, const RunId& run, const history::RunPaths& paths,
                                  std::uint32_t tasks) {
    Told events = PLIM_TRY(open_told(paths.events));
    Told output = PLIM_TRY(open_told(paths.output));
    TextReport report{.quiet = options.quiet, .explain = options.explain, .tasks = tasks};
    RunTeller teller(options.json, run, std::move(report), std::move(events), std::move(output));
    PLIM_TRY(teller.open_shown(options, paths));
    return teller;
}

Result<void> RunTeller::open_shown(const RunOptions& options, const history::RunPaths& paths) {
    Fd file = PLIM_TRY(open_file(options.json ? paths.events : paths.output, O_RDONLY));
    const bool draws = !options.json && !options.quiet && options.view != "lines" && can_draw(STDOUT_FILENO);
    std::unique_ptr<Outlet> outlet;
    if (draws) {
        auto view = std::make_unique<TerminalView>(STDOUT_FILENO);
        view_ = view.get();
        report_.columns = columns_for_text(STDOUT_FILENO);
        outlet = std::move(view);
    } else {
        outlet = plain_outlet(STDOUT_FILENO);
    }
    shown_ = std::make_unique<ShownFile>(std::move(file), std::move(outlet));
    // A warning on the same terminal would fall into the view.
    if (draws && ::isatty(STDERR_FILENO) == 1) log_ = std::make_unique<ShownLog>(*shown_);
    return {};
}

void RunTeller::tell(std::span<const loop::Event> events) {
    std::string lines, text;
    const auto tell_so_far = [&](bool is_shown) {
        if (!text.empty()) append(output_, text, is_shown);
        text.clear();
    };
    for (const loop::Event& event : events) {
        up_to_date_ += event.kind == loop::EventKind::task_up_to_date;
        lines += event_json(event, run_) + "\n";
        if (!draws()) {
            text += report_.lines_for(event);
            continue;
        }
        const std::string told = report_.lines_for(event);
        const bool is_first_word = event.kind == loop::EventKind::task_started && !told.empty();
        const bool stays = report_.explain || is_first_word || view::is_lasting(event.kind);
        if (stays) tell_so_far(false);
        text += told;
        if (stays) tell_so_far(true);
    }
    if (!lines.empty()) append(events_, lines, json_);
    tell_so_far(!json_ && !draws());
}

void RunTeller::look(view::RunView run) {
    if (!view_) return;
    view_->set(std::move(run));
    shown_->wake();
}

void RunTeller::hide() {
    if (!view_) return;
    view_->hide();
    shown_->wake_and_wait(std::chrono::milliseconds(200));
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
