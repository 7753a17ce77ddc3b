// SPDX-License-Identifier: Apache-2.0
// For tests: records with every field set, and a folder of its own for a test's files.
#pragma once

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "plimsoll/model/decision.h"
#include "plimsoll/model/receipt.h"
#include "plimsoll/model/run.h"

namespace plimsoll::history {

/// Gone with the test. In memory where there is such a place: a fsync costs milliseconds elsewhere.
class ScratchFolder {
public:
    ScratchFolder() {
        const bool has_memory = ::access("/dev/shm", W_OK) == 0;
        std::string name =
            (has_memory ? "/dev/shm" : std::filesystem::temp_directory_path().string()) + "/plimsoll-history-XXXXXX";
        path_ = ::mkdtemp(name.data()) ? name : "";
    }
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    std::string path() const { return path_; }
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

inline WallTime at_second(int second) { return WallTime(std::chrono::seconds(1'700'000'000 + second)); }

inline RunRecord sample_run(const RunId& id = "20261121-044742-7f3a", int started = 0) {
    RunRecord run;
    run.id = id;
    run.workflow = "variants";
    run.file = "/data/flow/variants.yaml";
    run.folder = "/data/flow";
    run.machine = "m1";
    run.capacity = {.cpu = 4_cores, .memory = 16_GiB};
    run.started = at_second(started);
    run.owner = {.pid = 4711, .start_ticks = 987654321, .boot_id = "boot-1"};
    run.version = "0.1.0";
    return run;
}

inline TaskKind sample_kind(const std::string& step = "align") {
    return {.workflow = "variants", .step = step, .tool = "bwa mem"};
}

inline Request sample_request() {
    return {.cpu = 2_cores, .memory = 3_GiB, .time = std::chrono::hours(1), .disk = 1_GiB, .gpu = 0.5};
}

inline TaskRecord sample_task(TaskId id, TaskState state = TaskState::waiting) {
    TaskRecord task;
    task.id = id;
    task.name = "align[s" + std::to_string(id) + "]";
    task.kind = sample_kind();
    task.state = state;
    task.request = sample_request();
    task.reason = "input reads/s1.fq changed";
    task.queue = "prod/nightly";
    return task;
}

inline AttemptRecord sample_start(TaskId task, int number = 1) {
    AttemptRecord attempt;
    attempt.id = {.task = task, .number = number};
    attempt.task_name = "align[s" + std::to_string(task) + "]";
    attempt.kind = sample_kind();
    attempt.features = {
        .input_bytes = 17_MiB, .input_count = 3, .numbers = {{"depth", 30}, {"rate", 0.125}}, .machine = "m1"};
    attempt.request = sample_request();
    attempt.wait = WaitRecord{.time = std::chrono::milliseconds(1500), .after = 0, .lack = "memory"};
    attempt.forecast.memory = {.p50 = 1e9, .bound = 1.5e9, .stated = 0.95, .measured = 0.93};
    attempt.forecast.cpu = {.p50 = 1.5, .bound = 2, .stated = {}, .measured = {}};
    attempt.forecast.runtime = {.p50 = 4, .bound = 9.5, .stated = 0.9, .measured = {}};
    attempt.forecast.curve = {{.until = std::chrono::seconds(2), .memory = 1_GiB, .cpu = {1.5}}};
    attempt.forecast.source = Provenance::tool;
    attempt.forecast.model = "replayed-cost(line x 1.12)";
    attempt.forecast.samples = 12;
    attempt.reserved.cpu = 2_cores;
    attempt.reserved.memory = 3_GiB;
    attempt.reserved.gpu = 0.5;
    attempt.reserved.scratch = 5_GiB;
    attempt.reserved_time = std::chrono::milliseconds(9500);
    attempt.command = "bwa mem -t 2 results/ref.fa reads/s1.fq | samtools sort -o results/s1.bam -";
    attempt.log = "logs/align[s1].1.log";
    attempt.group = "plimsoll/7f3a/" + std::to_string(task);
    attempt.started = at_second(static_cast<int>(task));
    return attempt;
}

inline AttemptRecord sample_end(TaskId task, int number = 1, Ending ending = Ending::finished) {
    AttemptRecord attempt = sample_start(task, number);
    attempt.ended = attempt.started + std::chrono::milliseconds(4500);
    attempt.outcome = Outcome{.ending = ending,
                              .code = ending == Ending::finished ? 0 : 9,
                              .detail = ending == Ending::finished ? "" : "why"};
    Profile& profile = attempt.profile;
    profile.runtime = std::chrono::milliseconds(4500);
    profile.cpu = std::chrono::milliseconds(6100);
    profile.cpu_peak = {1.75};
    profile.memory_peak = 900_MiB;
    profile.memory_high_water = 1200_MiB;
    profile.memory_byte_seconds = 3.25e9;
    profile.read_bytes = 12_MiB;
    profile.write_bytes = 34_MiB;
    profile.read_operations = 120;
    profile.write_operations = 340;
    profile.network_in = 5_MiB;
    profile.network_out = 6_MiB;
    profile.memory_stall = std::chrono::milliseconds(1);
    profile.cpu_stall = std::chrono::milliseconds(2);
    profile.io_stall = std::chrono::milliseconds(3);
    profile.processes_peak = 3;
    profile.threads_peak = 9;
    profile.samples = 45;
    profile.source = "hybrid";
    profile.segments = {{.until = std::chrono::seconds(1), .memory = 100_MiB, .cpu = {0.5}},
                        {.until = std::chrono::milliseconds(4500), .memory = 900_MiB, .cpu = {1.25}}};
    attempt.shaping = {.grown = 2,
                       .frozen = 1,
                       .frozen_time = std::chrono::milliseconds(700),
                       .reserved_byte_seconds = 4.5e9,
                       .reserved_core_seconds = 9.25};
    return attempt;
}

inline Receipt sample_receipt(TaskId task) {
    return {.task_name = "align[s" + std::to_string(task) + "]",
            .command = {.high = 0x0123456789abcdef, .low = 0xfedcba9876543210},
            .inputs = {{.path = "reads/s1.fq",
                        .size = 1 << 30,
                        .mtime_ns = 1'700'000'000'123'456'789,
                        .inode = 77,
                        .content = {}}},
            .outputs = {{.path = "results/s1.bam",
                         .size = 5,
                         .mtime_ns = -1,
                         .inode = ~std::uint64_t{0},
                         .content = Hash128{.high = 1, .low = 2}}}};
}

inline Decision sample_decision(std::optional<TaskId> task) {
    return {.at = at_second(3),
            .task = task,
            .attempt = 1,
            .action = "clamp",
            .subject = "memory",
            .old_value = "3.00 GiB",
            .new_value = "1.50 GiB",
            .reason = "12 finished instances never used more",
            .model = "replayed-cost(line x 1.12)",
            .samples = 12,
            .confidence = 0.93};
}

}  // namespace plimsoll::history
