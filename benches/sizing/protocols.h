// SPDX-License-Identifier: Apache-2.0
// The table of protocols: data and methods in, a row for each workflow and method out.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "benches/sizing/method.h"
#include "benches/sizing/score.h"
#include "plimsoll/base/clock.h"
#include "plimsoll/base/result.h"

namespace plimsoll::benches {

struct Bench {
    std::string protocol;                ///< one of S, P, W, X, K, T, G
    std::string folder;                  ///< with the data
    std::vector<std::string> workflows;  ///< in this order; empty: the protocol's
    std::vector<std::string> methods;
    MethodOptions options;
    std::uint64_t seed = 1;
    bool by_kind = false;  ///< T and G: a row for each kind
};

struct Row {
    std::string workflow, method;
    std::string kind;  ///< empty: all of them
    Score score;
};

/// `note` gets what a reader should know: where a split was drawn from the seed.
Result<std::vector<Row>> run_protocol(const Bench& bench, const Clock& clock,
                                      const std::function<void(const std::string&)>& note);

}  // namespace plimsoll::benches
