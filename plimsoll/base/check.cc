// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace plimsoll {

void check_failed(const char* file, int line, const char* condition, const char* why) {
    std::fprintf(stderr, "%s:%d: broken invariant: %s (%s)\n", file, line, why, condition);
    std::abort();
}

}  // namespace plimsoll
