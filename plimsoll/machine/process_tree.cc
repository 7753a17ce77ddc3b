// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/process_tree.h"

#include "plimsoll/base/file.h"
#include "plimsoll/machine/cgroup_file.h"
#include "plimsoll/machine/proc_numbers.h"

namespace plimsoll::machine {
namespace {

/// The kernel lists the children of each thread apart.
void add_children(int pid, const std::string& proc, std::vector<int>& pids) {
    const std::string threads = proc + "/" + std::to_string(pid) + "/task";
    for (const std::string& thread : folders_in(threads)) {
        const auto children = read_file(threads + "/" + thread + "/children");
        if (!children) continue;
        std::string_view rest = *children;
        for (std::string_view word = take_word(rest); !word.empty(); word = take_word(rest))
            if (const auto child = take_number(word)) pids.push_back(static_cast<int>(*child));
    }
}

}  // namespace

std::vector<int> process_tree(int root, const std::string& proc) {
    if (!read_file(proc + "/" + std::to_string(root) + "/stat")) return {};
    std::vector<int> pids = {root};
    for (std::size_t at = 0; at < pids.size(); ++at) add_children(pids[at], proc, pids);
    return pids;
}

}  // namespace plimsoll::machine
