// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/telemetry/usage_files_for_test.h"

#include <fmt/format.h>

namespace plimsoll::telemetry {

Files process(const Process& p) {
    const std::string folder = fmt::format("/proc/{}", p.pid);
    return {
        {folder + "/stat", fmt::format("{} (a b) S {} {} {} 0 -1 0 0 0 0 0 {} 0 {} 0 20 0 {} 0 500 0 0\n", p.pid,
                                       p.parent, p.group, p.session, p.cpu_ticks, p.waited_ticks, p.threads)},
        {folder + "/status",
         fmt::format("Name:\ta\nVmHWM:\t 9999 kB\nRssAnon:\t {} kB\nRssFile:\t 777 kB\nRssShmem:\t {} kB\n", p.anon_kib,
                     p.shmem_kib)},
        {folder + "/io",
         fmt::format(
             "rchar: 9\nwchar: 9\nsyscr: {}\nsyscw: {}\nread_bytes: {}\nwrite_bytes: {}\ncancelled_write_bytes: 0\n",
             p.read / 2, p.written / 2, p.read, p.written)}};
}

Files children_lists(int own_pid) {
    return {
        {"/proc/thread-self/children", ""},      {fmt::format("/proc/{0}/task/{0}/children", own_pid), "100 103 900 "},
        {"/proc/100/task/100/children", "101 "}, {"/proc/101/task/101/children", ""},
        {"/proc/101/task/105/children", "102 "}, {"/proc/102/task/102/children", ""},
        {"/proc/103/task/103/children", ""}};
}

}  // namespace plimsoll::telemetry
