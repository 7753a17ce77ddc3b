// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/view/machine_view.h"

#include <doctest/doctest.h>

#include "plimsoll/view/cells.h"
#include "plimsoll/view/frames_for_test.h"
#include "plimsoll/view/run_view_for_test.h"

using namespace plimsoll;
using namespace plimsoll::view;

namespace {

/// 24 GiB: 4 reserved by a run of this user, 3 by others' runs, of which 2 and 1 are used; 5 more used by programs.
MachineView machine_for_test() {
    MachineView machine;
    machine.total = {24_GiB, 4_cores};
    machine.memory_available = 16_GiB;
    machine.cores_busy = 2.5_cores;
    machine.runs = {run_for_test()};
    machine.other_runs = 1;
    machine.others_used = {1_GiB, {}};
    machine.others_reserved = {3_GiB, 1_cores};
    return machine;
}

void check_frame(const std::string& name, const MachineView& machine, const Page& page) {
    CAPTURE(name);
    Frames frames;
    const std::vector<std::string> lines = draw_machine(machine, page);
    CHECK(Frames::text_of(lines) == frames.meant(name, lines));
}

}  // namespace

// In use are 24 - 16 = 8 GiB, 3 of them by runs: 5 by programs. Free are 24 - (4 + 3) reserved - 5 = 12.
TEST_CASE("what is free is neither reserved nor used by other programs") {
    const MachineView machine = machine_for_test();
    CHECK(machine.used_by_runs().memory == 3_GiB);
    CHECK(machine.reserved() == Amounts{7_GiB, 3_cores});
    CHECK(machine.programs() == 5_GiB);
    CHECK(machine.free() == Amounts{12_GiB, 1_cores});
}

TEST_CASE("what is reserved beyond the machine leaves nothing free, and not less") {
    MachineView machine = machine_for_test();
    machine.others_reserved = {40_GiB, 9_cores};
    CHECK(machine.free() == Amounts{});
    machine.memory_available = 30_GiB;
    CHECK(machine.programs() == Bytes{});
}

TEST_CASE("the machine is drawn as it is meant to be") {
    for (const int columns : {39, 60, 79, 120})
        check_frame("machine at " + std::to_string(columns), machine_for_test(), {.columns = columns, .lines = 22});
    MachineView idle = machine_for_test();
    idle.runs.clear();
    idle.other_runs = 0;
    check_frame("an idle machine", idle, {.columns = 79, .lines = 22});
    check_frame("a machine on few lines", machine_for_test(), {.columns = 79, .lines = 6});
}

TEST_CASE("no line is wider than the page") {
    for (int columns = 1; columns < 130; ++columns)
        for (const std::string& line : draw_machine(machine_for_test(), {.columns = columns, .lines = 40}))
            CHECK(columns_of(line) <= columns);
}
