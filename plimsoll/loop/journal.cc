// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/journal.h"

#include <utility>

#include "plimsoll/base/log.h"
#include "plimsoll/base/probe.h"

namespace plimsoll::loop {
namespace {

// A history that cannot be written (a full disk) is waited for so long once nothing runs any more.
constexpr Duration trouble_patience = std::chrono::seconds(30);

}  // namespace

void Journal::record(Decision decision, TaskId task, int attempt) {
    decision.at = clock_.wall();
    decision.task = task;
    decision.attempt = attempt;
    append(history::Decided{std::move(decision)});
}

void Journal::tell(Event event) {
    event.time = clock_.wall();
    outbox_.tell(std::move(event), last_ticket_);
}

void Journal::note(std::string text) {
    Event notice;
    notice.reason = std::move(text);
    tell(std::move(notice));
}

Result<void> Journal::make_durable(Instant now, bool is_over, bool stands_still) {
    const bool writes_by_itself = store_.wake_fd() >= 0;
    // Before looking, so that no news is lost; always, or what has been seen would end every wait at once.
    if (writes_by_itself) store_.acknowledge();
    if (is_durable()) {
        if (trouble_since_) PLIM_PROBE("loop: the history's trouble ended with all of it written");
        trouble_since_.reset();
        return {};
    }
    if (!writes_by_itself) return store_.commit();
    const std::optional<Error> trouble = store_.trouble();
    if (!trouble) {
        trouble_since_.reset();
        return is_over ? store_.commit() : Result<void>{};
    }
    if (!trouble_since_) {
        PLIM_PROBE("loop: the history is in trouble");
        trouble_since_ = now;
        log(LogLevel::warning, "nothing more is started until the history can be written: " + trouble->message);
    }
    return stands_still && now - *trouble_since_ > trouble_patience ? store_.commit() : Result<void>{};
}

}  // namespace plimsoll::loop
