// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/base/result.h"

#include <cerrno>
#include <cstring>

namespace plimsoll {

Error system_error(std::string_view what, int error_number) {
    ErrorKind kind = ErrorKind::unavailable;
    if (error_number == ENOENT) kind = ErrorKind::not_found;
    // Too many open files: when some are closed, it is possible again.
    if (error_number == EMFILE || error_number == ENFILE) kind = ErrorKind::refused;
    return {kind, "cannot " + std::string(what) + ": " + std::strerror(error_number)};
}

}  // namespace plimsoll
