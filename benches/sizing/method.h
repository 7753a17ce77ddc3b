// SPDX-License-Identifier: Apache-2.0
// Method: one way to size the peak of memory, as the protocols ask it. Amounts in bytes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "benches/sizing/trace.h"
#include "plimsoll/forecast/peak_mixture.h"

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
    /// The peak that the task stays under with probability `stated()`, where that is promised.
    virtual std::optional<double> promised(const TraceTask&) { return std::nullopt; }
};

struct MethodOptions {
    double time_to_failure = 1;
    double risk = 1;                            ///< the product's knob: thrifty 0 ... safe 10
    double node = 128e9;                        ///< bytes
    bool has_request = true;                    ///< does the protocol know the user's request?
    bool priors = false;                        ///< may other kinds speak for one with no finished task (X)?
    forecast::MixtureConstants constants = {};  ///< of the product
};

/// The probability of `Method::promised`.
constexpr double stated_coverage = 0.95;

/// "plimsoll" is the product, called as the product calls it; the others are rivals. Null for other names.
std::unique_ptr<Method> make_method(std::string_view name, const MethodOptions& options);
std::vector<std::string> method_names();

}  // namespace plimsoll::benches
