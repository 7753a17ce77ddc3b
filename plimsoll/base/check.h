// SPDX-License-Identifier: Apache-2.0
// PLIM_CHECK: Plimsoll itself is wrong. On in release builds, because a scheduler that goes on with
// a broken invariant loses somebody's work; it aborts with the place, the condition and the reason.
#pragma once

namespace plimsoll {

[[noreturn]] void check_failed(const char* file, int line, const char* condition, const char* why);

}  // namespace plimsoll

#define PLIM_CHECK(condition, why) \
    ((condition) ? void(0) : ::plimsoll::check_failed(__FILE__, __LINE__, #condition, why))
