// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/gpus.h"

#include <doctest/doctest.h>

#include "tests/literal_tree.h"

using namespace plimsoll;
using namespace plimsoll::machine;

namespace {

constexpr const char* folder = "/proc/driver/nvidia/gpus/";

/// Two that have names and one that nobody has opened yet.
LiteralTree three_gpus() {
    const std::string at = folder;
    return LiteralTree(
        {{at + "0000:65:00.0/information", "Model: \t\t NVIDIA A2\nGPU UUID: \t GPU-?-?\n"},
         {at + "0000:17:00.0/information", "Model: \t\t NVIDIA H200\nIRQ: 1\nGPU UUID: \t GPU-aa11-02\n"},
         {at + "0000:18:00.0/information", "Model: \t\t NVIDIA H200\nGPU UUID: \t GPU-bb22-03\n"}});
}

const Gpu first{"NVIDIA H200", "GPU-aa11-02"}, second{"NVIDIA H200", "GPU-bb22-03"}, third{"NVIDIA A2", "2"};

}  // namespace

TEST_CASE("GPUs are told in the order of the bus, by their UUID or, where they have none yet, their number") {
    const LiteralTree tree = three_gpus();
    CHECK(read_gpus(tree.root, {}) == std::vector<Gpu>{first, second, third});
    CHECK(read_gpus(LiteralTree({}).root, {}).empty());
}

TEST_CASE("those that CUDA_VISIBLE_DEVICES leaves out are not ours, nor what stands behind one that is not there") {
    const LiteralTree tree = three_gpus();
    CHECK(read_gpus(tree.root, "2,0") == std::vector<Gpu>{third, first});
    CHECK(read_gpus(tree.root, "GPU-bb,GPU-aa11-02") == std::vector<Gpu>{second, first});
    CHECK(read_gpus(tree.root, "0,0,1") == std::vector<Gpu>{first, second});
    CHECK(read_gpus(tree.root, "1,7,0") == std::vector<Gpu>{second});
    CHECK(read_gpus(tree.root, "").empty());
    CHECK(read_gpus(tree.root, "-1").empty());
    CHECK(read_gpus(tree.root, "NoDevFiles").empty());
}
