// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/base/result.h"

#include <cstring>

namespace plimsoll {

Error system_error(std::string_view what, int error_number) {
    const ErrorKind kind = error_number == ENOENT ? ErrorKind::not_found : ErrorKind::unavailable;
    return {kind, "cannot " + std::string(what) + ": " + std::strerror(error_number)};
}

}  // namespace plimsoll
