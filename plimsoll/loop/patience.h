// SPDX-License-Identifier: Apache-2.0
// How long the loop waits for what, and how far it looks ahead.
#pragma once

#include <chrono>
#include <cstddef>

#include "plimsoll/base/time.h"

namespace plimsoll::loop {

/// So many sized tasks wait at the most before no more are looked at.
inline constexpr std::size_t examined_ahead = 512;
/// Others' reservations and memory change without telling us.
inline constexpr Duration recheck = std::chrono::milliseconds(500);
/// What other runs of Plimsoll give back, or leave for us, is wanted sooner.
inline constexpr Duration recheck_among_others = std::chrono::milliseconds(50);
/// So long room is left for another run that does not take it.
inline constexpr Duration yield_patience = std::chrono::seconds(2);
inline constexpr Duration longest_pause = std::chrono::seconds(30);  ///< after refused starts
/// So long a run stands still before sizes that are no word of the user's give way to what others use.
inline constexpr Duration standing_patience = std::chrono::seconds(5);
/// So long all running tasks wait for memory before one of them is ended for the others.
inline constexpr Duration stuck_patience = std::chrono::seconds(2);
/// And so long where others hold much of the machine, who may be done by then.
inline constexpr Duration patience_with_others = std::chrono::seconds(30);
/// A run that stands still takes less only where so much of the machine is left; else others are waited for.
inline constexpr double least_left = 0.75;

}  // namespace plimsoll::loop
