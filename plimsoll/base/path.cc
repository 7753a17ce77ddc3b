// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/base/path.h"

namespace plimsoll {

std::string resolved_path(std::string_view folder, std::string_view path) {
    if (path.empty()) return std::string(folder);
    if (path.front() == '/') return std::string(path);
    std::string whole;
    whole.reserve(folder.size() + 1 + path.size());
    return whole.append(folder).append(1, '/').append(path);
}

}  // namespace plimsoll
