// SPDX-License-Identifier: Apache-2.0
// Text -> the same text with certain values blotted out, a part at a time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::engine {

/// Replaces each of the values by "***", also where a value comes in several parts; of a value of several lines also
/// each line on its own, blanks around it apart, unless it is so short that it gives nothing away. What programs make
/// of a value (its base64, its letters one a line) is not recognised.
class Mask {
public:
    /// Line ends at the end of a value do not count: programs print it without them. Empty values hide nothing.
    explicit Mask(std::vector<std::string> values);
    /// What is certain by now; less than the longest value is held back.
    std::string feed(std::string_view text);
    /// The rest.
    std::string finish();

private:
    std::string take(std::size_t leave);

    std::vector<std::string> values_;  ///< the longest first
    std::string held_;
};

}  // namespace plimsoll::engine
