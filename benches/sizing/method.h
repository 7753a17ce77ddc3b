// SPDX-License-Identifier: Apache-2.0
// Method: one way to size memory, as the protocols ask it. Amounts in bytes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "benches/sizing/trace.h"

namespace plimsoll::benches {

class Method {
public:
    virtual ~Method() = default;
    /// A task has finished.
    virtual void learn(const TraceTask& task) = 0;
    /// The first attempt's allotment, before the protocol bounds it; nothing: no model, the request counts.
    virtual std::optional<double> first(const TraceTask& task) = 0;
    /// The next attempt after the `failed`th failure, at `allotted`.
    virtual double retry(const TraceTask& task, double allotted, int failed) = 0;
};

struct MethodOptions {
    double time_to_failure = 1;
    double risk = 1;          ///< the product's knob: thrifty 0 ... safe 10
    double node = 128e9;      ///< bytes
    bool has_request = true;  ///< does the protocol know the user's request?
};

/// "plimsoll" (the product, called as the product calls it), "replayed-cost" (its model alone, as
/// published), "request", "max-1.1". Null for other names.
std::unique_ptr<Method> make_method(std::string_view name, const MethodOptions& options);
std::vector<std::string> method_names();

}  // namespace plimsoll::benches
