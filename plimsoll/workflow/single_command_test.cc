// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/single_command.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <filesystem>
#include <fstream>

#include "plimsoll/base/file.h"
#include "tests/temporary_folder.h"

using namespace plimsoll;
using namespace plimsoll::workflow;

TEST_CASE("a request is read as people write it") {
    const Request request = parse_request("memory=8G,cpu=2,time=1h").value();
    CHECK(request.memory == 8_GiB);
    CHECK(request.cpu == 2_cores);
    CHECK(request.time == std::chrono::hours(1));
    CHECK_FALSE(request.disk);
    CHECK(parse_request("cpu=500m memory=1GiB gpu=1").value().gpu == 1.0);
    CHECK(parse_request("").value() == Request{});
}

TEST_CASE("a mistake in a request is named with what was meant") {
    CHECK(parse_request("mem=8G").error().message == "there is no 'mem'; did you mean 'memory'?");
    CHECK(parse_request("ram=8G").error().message == "there is no 'ram'; ask for cpu, memory, time, disk, gpu");
    CHECK(parse_request("memroy=8G").error().message == "there is no 'memroy'; did you mean 'memory'?");
    CHECK(parse_request("memory").error().message == "'memory' has no amount; write for instance memory=2GiB");
    CHECK(parse_request("memory=much").error().message.starts_with("memory: "));
    CHECK(parse_request("gpu=-1").error().kind == ErrorKind::invalid);
}

TEST_CASE("runs of a command gather under its name, else under its tool and the shape of its arguments") {
    const auto kind_of = [](const std::string& name) {
        return single_command({.words = {"sort", "-n", "in.txt"}, .name = name, .request = {}, .folder = "/"}, -1)
            .task.step->kind;
    };
    CHECK(kind_of("") == TaskKind{.workflow = "exec sort", .step = "sort -n *.txt", .tool = "sort"});
    CHECK(kind_of("daily") == TaskKind{.workflow = "exec daily", .step = "daily", .tool = "sort"});
}

TEST_CASE("the files among its words, and the file it reads from, are its input") {
    const tests::TemporaryFolder folder;
    std::ofstream(folder / "a.txt") << "12345";
    std::ofstream(folder / "b.txt") << "123";
    const Fd input = open_file(folder / "b.txt", O_RDONLY).value();
    const SingleCommand made = single_command({.words = {"tool", "a.txt", "missing.txt", "--in=b.txt", "/"},
                                               .name = {},
                                               .request = {},
                                               .folder = folder.path()},
                                              input.fd());
    CHECK(made.features.input_bytes == 11_B);
    CHECK(made.features.input_count == 3);
}

TEST_CASE("the command line that is recorded is the words, quoted; a failure is not tried again") {
    const SingleCommand made =
        single_command({.words = {"echo", "a b", "$HOME"}, .name = {}, .request = {}, .folder = "/"}, -1);
    CHECK(made.task.command.text == "echo 'a b' '$HOME'");
    CHECK(made.task.step->retry == Retry{.on_out_of_memory = 0, .on_timeout = 0, .on_failure = 0});
    CHECK(made.workflow.file.empty());
}
