// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/folder_names.h"

#include <dirent.h>

#include <algorithm>
#include <memory>

namespace plimsoll::machine {

std::vector<std::string> names_in(const std::string& folder, std::string_view prefix) {
    std::vector<std::string> names;
    const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(folder.c_str()), ::closedir);
    if (!open) return names;
    while (const dirent* entry = ::readdir(open.get()))
        if (entry->d_name[0] != '.' && std::string_view(entry->d_name).starts_with(prefix))
            names.emplace_back(entry->d_name);
    std::ranges::sort(names);
    return names;
}

}  // namespace plimsoll::machine
