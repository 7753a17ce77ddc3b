// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/reading_ahead.h"

#include <algorithm>
#include <utility>

#include "plimsoll/base/path.h"
#include "plimsoll/loop/coming.h"
#include "plimsoll/loop/decisions.h"
#include "plimsoll/schedule/walk.h"

namespace plimsoll::loop {
namespace {

// What a disk of 100 MB/s reads meanwhile is a gigabyte.
constexpr Duration prefetch_lead = std::chrono::seconds(10);
constexpr Duration prefetch_pause = std::chrono::milliseconds(500);
/// Of tasks that wait for room, those whose inputs are looked for.
constexpr std::size_t queued_most = 16;
constexpr std::size_t paths_most = 256;
/// Of the memory that nobody holds, what is filled ahead. The kernel gives it up again before anything else.
constexpr std::int64_t part_of_free = 4;

}  // namespace

/// When it is taken to end; nothing where nobody knows how long it takes.
std::optional<Instant> ReadingAhead::expected_end(TaskId running) const {
    const RunningAttempt* attempt = books_.running.find(running);
    const double typical_s = attempt != nullptr ? attempt->record.forecast.runtime.p50 : 0;
    if (typical_s <= 0) return std::nullopt;
    return attempt->started + from_seconds(typical_s);
}

/// Tasks that wait for nothing but those that run now: when the last of them ends.
void ReadingAhead::add_waiting_for_running(std::vector<allocate::Coming>& coming) const {
    for (const TaskId id : waiting_for_running(books_)) {
        std::optional<Instant> start = books_.run_start;
        bool all_run = true;
        for (const TaskId need : books_.tasks[id].task.needs) {
            if (is_done(books_.tasks[need].state)) continue;
            all_run &= books_.tasks[need].state == TaskState::running;
            const auto end = expected_end(need);
            start = start && end ? std::optional(std::max(*start, *end)) : std::nullopt;
        }
        if (all_run) coming.push_back({id, start, order_.rank(id)});
    }
}

/// Tasks that wait for room, the first in line of each queue: the first of them when the first that runs ends, and so
/// on.
void ReadingAhead::add_queued(std::vector<allocate::Coming>& coming) const {
    std::vector<Instant> ends;
    for (const RunningAttempt* attempt : books_.running.in_order())
        if (const auto end = expected_end(attempt->record.id.task)) ends.push_back(*end);
    std::ranges::sort(ends);
    std::vector<std::pair<double, TaskId>> queued;
    for (schedule::QueueId queue = 0; queue < books_.queue.size(); ++queue) {
        schedule::Walk walk(books_.queue.line(queue));
        for (std::size_t at = 0; at < queued_most; ++at)
            if (const auto item = walk.next())
                queued.emplace_back(-lineup_.place(item->task, books_.asks.at(item->task)), item->task);
            else break;
    }
    std::ranges::sort(queued);
    for (std::size_t at = 0; at < std::min(queued.size(), queued_most); ++at) {
        const std::optional<Instant> start = at < ends.size() ? std::optional(ends[at]) : std::nullopt;
        coming.push_back({queued[at].second, start, -queued[at].first});
    }
}

void ReadingAhead::look(Instant now) {
    if (books_.edges.warmer == nullptr || books_.stop != StopMode::none || now < next_look_ || books_.running.empty())
        return;
    next_look_ = now + prefetch_pause;
    for (const shape::WarmFile& file : books_.edges.warmer->take_warmed()) warm_[file.path] = file.bytes;
    std::vector<allocate::Coming> coming;
    add_queued(coming);
    add_waiting_for_running(coming);
    std::vector<std::string> paths;
    for (const TaskId id : allocate::worth_prefetching(coming, now, prefetch_lead))
        for (const std::string& input : books_.tasks[id].task.inputs) {
            if (paths.size() == paths_most) break;
            std::string path = resolved_path(books_.options.folder, input);
            if (std::ranges::find(paths, path) == paths.end()) paths.push_back(std::move(path));
        }
    const Bytes free = books_.free_memory(0, now);
    books_.edges.warmer->want(std::move(paths), Bytes{free.count / part_of_free});
}

/// Told of a task that starts: what of its inputs had been read ahead.
void ReadingAhead::note_start(TaskId id, int attempt) {
    if (warm_.empty()) return;
    Bytes bytes{};
    for (const std::string& input : books_.tasks[id].task.inputs) {
        const auto found = warm_.find(resolved_path(books_.options.folder, input));
        if (found != warm_.end()) bytes += found->second;
    }
    if (bytes > Bytes{})
        books_.journal.record(decision("prefetch", "inputs", {}, format(bytes), "read ahead while others ran"), id,
                              attempt);
}

}  // namespace plimsoll::loop
