// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/cgroup_disk.h"

#include <optional>

#include "plimsoll/base/file.h"
#include "plimsoll/machine/cgroup_file.h"
#include "plimsoll/machine/folder_names.h"

namespace plimsoll::machine {
namespace {

Result<void> write_v1(const std::string& folder, const std::string& disk, Bytes read_per_s, Bytes write_per_s) {
    // 0 takes a limit away.
    PLIM_TRY(write_group_file(folder, "blkio.throttle.read_bps_device", disk + " " + std::to_string(read_per_s.count)));
    return write_group_file(folder, "blkio.throttle.write_bps_device", disk + " " + std::to_string(write_per_s.count));
}

Result<void> write_v2(const std::string& folder, const std::string& disk, Bytes read_per_s, Bytes write_per_s) {
    const auto amount = [](Bytes limit) { return limit > Bytes{} ? std::to_string(limit.count) : std::string("max"); };
    return write_group_file(folder, "io.max", disk + " rbps=" + amount(read_per_s) + " wbps=" + amount(write_per_s));
}

}  // namespace

std::vector<std::string> disks(const std::string& root) {
    std::vector<std::string> found;
    const std::string folder = root + "/sys/block/";
    for (const std::string& name : names_in(folder)) {
        if (name.starts_with("ram") || name.starts_with("zram")) continue;
        // Loop and network devices that nobody uses are there too, of no size.
        if (number_in(folder + name + "/size").value_or(0) == 0) continue;
        const auto number = read_file(folder + name + "/dev");
        if (number) found.push_back(number->substr(0, number->find('\n')));
    }
    return found;
}

Result<void> set_cgroup_disk_limits(const CgroupTree& tree, const std::string& name, Bytes read_per_s,
                                    Bytes write_per_s, const std::string& root) {
    const bool is_v1 = !tree.blkio.empty();
    if (!is_v1 && tree.kind != CgroupKind::v2) return unavailable("no disk limits: no blkio controller to be had");
    const std::string folder = (is_v1 ? tree.blkio : tree.unified) + "/" + name;
    std::optional<Error> failed;
    bool is_held = false;
    for (const std::string& disk : disks(root)) {
        Result<void> written = (is_v1 ? write_v1 : write_v2)(folder, disk, read_per_s, write_per_s);
        if (!written && written.error().kind == ErrorKind::not_found) return written;
        // A device that cannot be throttled, such as an optical drive without a disc, keeps nobody from the others.
        if (!written) failed = std::move(written).error().within("no disk limits");
        else is_held = true;
    }
    if (failed && !is_held) return *std::move(failed);
    return {};
}

}  // namespace plimsoll::machine
