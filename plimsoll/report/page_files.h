// SPDX-License-Identifier: Apache-2.0
// The files of plimsoll/report/page as they were when the program was built; cmake/embed.cmake writes the source.
#pragma once

#include <span>
#include <string_view>

namespace plimsoll::report {

struct PageFile {
    std::string_view name, text;
};

/// In the order in which scripts have to stand.
std::span<const PageFile> page_files();

}  // namespace plimsoll::report
