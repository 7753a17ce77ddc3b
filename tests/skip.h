// SPDX-License-Identifier: Apache-2.0
// PLIM_SKIP(reason): leaves a test case that this machine cannot run, and says so in a line that the summary
// of `./dev test` counts and lists. A skip without a reason does not exist.
#pragma once

#include <doctest/doctest.h>

#include <cstdio>
#include <string>

#define PLIM_SKIP(reason)                                                                  \
    do {                                                                                   \
        std::printf("SKIPPED %s: %s\n", doctest::getContextOptions()->currentTest->m_name, \
                    std::string(reason).c_str());                                          \
        std::fflush(stdout);                                                               \
        return;                                                                            \
    } while (false)
