// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/device_count.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace plimsoll::workflow {

Result<double> parse_devices(std::string_view text) {
    constexpr double most = 1024, thousandths = 1000;
    double count = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failed != std::errc() || end != text.data() + text.size() || !(count >= 0) || count > most)
        return invalid(fmt::format("'{}' is not a number of devices; write for instance gpu=1", text));
    const double units = count < 1 ? count * thousandths : count;
    if (std::abs(units - std::round(units)) > 1e-6)
        return invalid(
            count < 1 ? fmt::format("'{}' is too fine a share of a device; write 0.25, or three digits at most", text)
                      : fmt::format("'{}' is neither whole devices nor a share of one; write 1, 2 or 0.5", text));
    return count;
}

}  // namespace plimsoll::workflow
