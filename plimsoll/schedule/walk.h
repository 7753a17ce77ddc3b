// SPDX-License-Identifier: Apache-2.0
// Walk: goes through a queue's tasks in order and can pass over the rest of a group at once. A merge of
// the groups, each in order itself, that touches only what it gives.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "plimsoll/schedule/queue.h"

namespace plimsoll::schedule {

/// The queue must not change meanwhile.
class Walk {
public:
    struct Item {
        TaskId task = 0;
        const Queue::Group* group = nullptr;
    };

    explicit Walk(const Queue& queue) : front_(queue.groups().begin()), end_(queue.groups().end()) {}

    /// The next task in order; nothing at the end.
    std::optional<Item> next();
    /// The group of the task given last is not looked at any more.
    void skip_group() { current_.reset(); }
    /// Nothing more is looked at.
    void skip_all() {
        front_ = end_;
        begun_.clear();
        current_.reset();
    }

private:
    using Places = std::set<Queue::Place>;
    struct Cursor {
        const Queue::Group* group = nullptr;
        Places::const_iterator at;
    };
    std::set<std::pair<Queue::Place, const Queue::Group*>>::const_iterator front_, end_;
    std::map<Queue::Place, Cursor> begun_;  ///< groups of which some were given, by their next task
    std::optional<Cursor> current_;
};

inline std::optional<Walk::Item> Walk::next() {
    if (current_ && ++current_->at != current_->group->places.end()) begun_.emplace(*current_->at, *current_);
    current_.reset();
    if (front_ == end_ && begun_.empty()) return std::nullopt;
    const bool fresh = begun_.empty() || (front_ != end_ && front_->first < begun_.begin()->first);
    if (fresh) {
        current_ = Cursor{front_->second, front_->second->places.begin()};
        ++front_;
    } else {
        current_ = begun_.begin()->second;
        begun_.erase(begun_.begin());
    }
    return Item{current_->at->task, current_->group};
}

}  // namespace plimsoll::schedule
