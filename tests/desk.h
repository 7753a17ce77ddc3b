// SPDX-License-Identifier: Apache-2.0
// A desk: a workflow's folder on the real disk, its receipts as history keeps them, and tasks whose
// commands are functions. Each `sit_down()` is a run of its own.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "plimsoll/workflow/file_workspace.h"
#include "tests/temporary_folder.h"

namespace plimsoll::tests {

/// The machine's time, an hour later: what was written just now is long settled.
struct LateClock final : Clock {
    Duration ahead = std::chrono::hours(1);
    Instant now() const override { return MachineClock().now(); }
    WallTime wall() const override { return MachineClock().wall() + ahead; }
};

struct Desk {
    TemporaryFolder folder;
    LateClock clock;
    Step step{};
    std::vector<Receipt> receipts;
    std::vector<std::string> notices;
    workflow::FileWorkspaceOptions options{.run = "20261121-050000-0001", .force = {}, .hash = {}};
    std::unique_ptr<workflow::FileWorkspace> workspace;
    int attempts = 0;

    Desk() { sit_down(); }

    /// A new run: the workspace knows what the receipts say, nothing else.
    void sit_down() { workspace = workflow::FileWorkspace::open(folder.path(), receipts, options, clock).value(); }

    Task task(const std::string& name, std::vector<std::string> inputs, const std::vector<std::string>& outputs,
              TaskId id = 0) const {
        Task made{.id = id,
                  .step = &step,
                  .name = name,
                  .bindings = {},
                  .inputs = std::move(inputs),
                  .outputs = {},
                  .needs = {},
                  .command = {}};
        for (const std::string& output : outputs) made.outputs.push_back({output, false});
        made.command.text = "make " + name;
        return made;
    }
    Task with_temporary(Task made) const {
        for (OutputFile& output : made.outputs) output.temporary = true;
        return made;
    }

    void write(const std::string& path, const std::string& text) const {
        const std::filesystem::path whole = std::filesystem::path(folder.path()) / path;
        std::filesystem::create_directories(whole.parent_path());
        std::ofstream(whole) << text;
    }
    std::string read(const std::string& path) const {
        std::ifstream file(std::filesystem::path(folder.path()) / path);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    bool has(const std::string& path) const {
        return std::filesystem::exists(std::filesystem::path(folder.path()) / path);
    }
    void remove(const std::string& path) const {
        std::filesystem::remove_all(std::filesystem::path(folder.path()) / path);
    }
    std::int64_t mtime(const std::string& path) const {
        struct stat found{};
        ::stat((folder / path).c_str(), &found);
        return found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec;
    }
    void set_mtime(const std::string& path, std::int64_t ns) const {
        const timespec times[2] = {{ns / 1'000'000'000, ns % 1'000'000'000}, {ns / 1'000'000'000, ns % 1'000'000'000}};
        ::utimensat(AT_FDCWD, (folder / path).c_str(), times, 0);
    }
    void touch(const std::string& path) const { set_mtime(path, mtime(path) + 1'000'000'007); }
    /// Changes the content behind the stamp's back.
    void forge(const std::string& path, const std::string& text) const {
        const std::int64_t before = mtime(path);
        write(path, text);
        set_mtime(path, before);
    }

    std::string why(const Task& of) const {
        const workflow::Freshness fresh = workspace->examine(of);
        return fresh.up_to_date ? "" : fresh.reason;
    }
    /// Prepares, works, concludes and seals; sets aside what did not come out well.
    Outcome run(const Task& of, const std::function<void()>& work) {
        const AttemptId attempt{of.id, ++attempts};
        if (auto prepared = workspace->prepare(of, attempt); !prepared)
            return {Ending::not_started, 0, prepared.error().message};
        work();
        workflow::Conclusion concluded = workspace->conclude(of, attempt);
        if (concluded.receipt) seal(*concluded.receipt);
        if (concluded.outcome.ending != Ending::finished) workspace->set_aside(of, attempt);
        return concluded.outcome;
    }
    void seal(const Receipt& receipt) {
        std::erase_if(receipts, [&](const Receipt& old) { return old.task_name == receipt.task_name; });
        receipts.push_back(receipt);
    }
    /// Seals what the workspace has improved; gives how many.
    std::size_t reseal() {
        const std::vector<workflow::Resealed> improved = workspace->take_resealed();
        for (const workflow::Resealed& one : improved) seal(one.receipt);
        return improved.size();
    }
    std::string notice() const {
        const std::vector<std::string> told = workspace->take_notices();
        return told.empty() ? "" : told.front();
    }
};

}  // namespace plimsoll::tests
