// SPDX-License-Identifier: Apache-2.0
// What must hold of queues at every tick of any run: watched from outside, by the events alone.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "plimsoll/loop/event.h"
#include "plimsoll/model/queue_spec.h"
#include "plimsoll/simulate/drawing.h"

namespace plimsoll::simulate {

class QueueLaws {
public:
    /// All outlive it. `broke` hears what broke.
    QueueLaws(std::span<const QueueSpec> queues, const Drawing& drawing, std::function<void(std::string)> broke)
        : queues_(queues), drawing_(drawing), broke_(std::move(broke)) {}

    void hear(const std::vector<loop::Event>& told);

private:
    /// Its queue and those above it.
    std::vector<std::size_t> chain_of(TaskId task) const;

    std::span<const QueueSpec> queues_;
    const Drawing& drawing_;
    std::function<void(std::string)> broke_;
    std::map<std::size_t, int> running_;  ///< attempts, of a queue with all below it
    std::map<TaskId, bool> runs_;
};

}  // namespace plimsoll::simulate
