// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/engine/open_for_child.h"

#include <fcntl.h>
#include <unistd.h>

namespace plimsoll::engine {

Result<Fd> open_for_child(const std::string& path, int flags, unsigned mode) {
    Fd file = PLIM_TRY(open_file(path, flags, mode));
    if (file.fd() > STDERR_FILENO) return file;
    Fd above(::fcntl(file.fd(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    if (!above) return system_error("open " + path);
    return above;
}

}  // namespace plimsoll::engine
