// SPDX-License-Identifier: Apache-2.0
// CommonPeak: what many kinds of tasks have in common, where they do: the kinds of one workflow, or all there
// are. Where at least three kinds with twenty tasks came to much the same peak, one that was never seen is
// taken to be like them; where they differ they say nothing about it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "plimsoll/model/task.h"

namespace plimsoll::forecast {

class CommonPeak {
public:
    /// A task of a kind has finished and came to that peak.
    void add(const TaskKind& kind, double peak);
    std::uint32_t samples() const { return samples_; }
    /// Twice the largest peak of them all (bytes); nothing where they are too few or differ.
    std::optional<double> bound() const;

    template <class Archive>
    void members(Archive& archive) {
        std::vector<Kind> kinds;
        for (const auto& [kind, largest] : largest_of_) kinds.push_back({kind, largest});
        archive(kinds, samples_);
        for (const auto& [kind, largest] : kinds)
            if (largest_of_.emplace(kind, largest).second) largest_.insert(largest);
    }

private:
    struct Kind {
        TaskKind kind;
        double largest = 0;
        template <class Archive>
        void members(Archive& archive) {
            archive(kind.workflow, kind.step, kind.tool, largest);
        }
    };
    std::map<TaskKind, double> largest_of_;
    std::multiset<double> largest_;  ///< of each kind
    std::uint32_t samples_ = 0;
};

}  // namespace plimsoll::forecast
