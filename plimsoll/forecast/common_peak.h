// SPDX-License-Identifier: Apache-2.0
// CommonPeak: what many kinds of tasks have in common, where they do: the kinds of one workflow, or all there
// are. Where at least three kinds with twenty tasks came to much the same peak, one that was never seen is
// taken to be like them; where they differ they say nothing about it.
#pragma once

#include <cstdint>
#include <optional>
#include <set>

namespace plimsoll::forecast {

class CommonPeak {
public:
    /// A task of a kind has finished; `kind_largest` is the kind's largest peak, `before` what that was until now.
    void add(std::optional<double> before, double kind_largest);
    std::uint32_t samples() const { return samples_; }
    /// Twice the largest peak of them all (bytes); nothing where they are too few or differ.
    std::optional<double> bound() const;

private:
    std::multiset<double> largest_;  ///< of each kind
    std::uint32_t samples_ = 0;
};

}  // namespace plimsoll::forecast
