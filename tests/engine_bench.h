// SPDX-License-Identifier: Apache-2.0
// A local engine with a folder of its own, for the engine's unit tests.
#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "plimsoll/base/file.h"
#include "plimsoll/engine/local_engine.h"

namespace plimsoll::engine {

/// An engine without cgroups, so that it behaves alike for everybody, with a folder of its own.
struct Bench {
    MachineClock clock;
    std::string folder;
    std::unique_ptr<LocalEngine> engine;
    Bench() {
        std::string name = (std::filesystem::temp_directory_path() / "plimsoll-engine-test-XXXXXX").string();
        folder = ::mkdtemp(name.data());
        engine = LocalEngine::open({.run = "test", .capacity = {}, .use_cgroups = false}, clock).value();
    }
    ~Bench() {
        engine.reset();
        std::filesystem::remove_all(folder);
    }
    Launch launch(const std::string& command) const {
        return {.attempt = {.task = 1, .number = 1},
                .task_name = "t",
                .command = command,
                .shell = {},
                .workdir = folder,
                .env = {},
                .log = folder + "/logs/t.log",
                .reserved = {}};
    }
    Ended run(const Launch& launch) {
        REQUIRE(engine->start(launch));
        const auto ended = engine->wait(clock.now() + std::chrono::seconds(10));
        REQUIRE(ended.size() == 1);
        return ended.front();
    }
    Ended run(const std::string& command) { return run(launch(command)); }
    std::string log() const { return read_file(folder + "/logs/t.log").value_or("none"); }
};

}  // namespace plimsoll::engine
