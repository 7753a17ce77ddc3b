// SPDX-License-Identifier: Apache-2.0
// Before a run and around it: opening, looking at tasks, improving receipts. What is done around one
// attempt stands in file_attempts.cc.
#include "plimsoll/workflow/file_workspace.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "plimsoll/base/text.h"
#include "plimsoll/workflow/command_hash.h"

namespace plimsoll::workflow {
namespace {

/// At the end of a run the user waits for hashes of large files: some tenths of a second's worth.
constexpr Bytes settled_max = 2_GiB;

/// The record of a path in a receipt's list, which mostly is at the same place as in the task's.
const FileStamp* record_of(const std::vector<FileStamp>& stamps, const std::string& path, std::size_t likely) {
    if (likely < stamps.size() && stamps[likely].path == path) return &stamps[likely];
    const auto found = std::ranges::find(stamps, path, &FileStamp::path);
    return found == stamps.end() ? nullptr : &*found;
}

/// Do two records speak of the same file content?
bool same_record(const FileStamp& a, const FileStamp& b) {
    if (a.content && b.content && a.content == b.content) return true;
    return a.inode == b.inode && a.mtime_ns == b.mtime_ns && a.size == b.size && a.inode != 0;
}

/// A receipt's records by path, for the rare task whose inputs moved about; quadratic is too slow for a
/// gather of 100,000.
class Records {
public:
    explicit Records(const std::vector<FileStamp>& stamps) : stamps_(stamps) {}
    const FileStamp* find(const std::string& path, std::size_t likely) {
        if (likely < stamps_.size() && stamps_[likely].path == path) return &stamps_[likely];
        if (by_path_.empty())
            for (const FileStamp& stamp : stamps_) by_path_.emplace(stamp.path, &stamp);
        const auto found = by_path_.find(path);
        return found == by_path_.end() ? nullptr : found->second;
    }

private:
    const std::vector<FileStamp>& stamps_;
    std::unordered_map<std::string_view, const FileStamp*> by_path_;
};

}  // namespace

Result<std::unique_ptr<FileWorkspace>> FileWorkspace::open(const std::string& folder, std::vector<Receipt> receipts,
                                                           FileWorkspaceOptions options, const Clock& clock) {
    Fd opened = PLIM_TRY(open_file(folder, O_RDONLY | O_DIRECTORY));
    return std::unique_ptr<FileWorkspace>(
        new FileWorkspace(folder, std::move(opened), std::move(receipts), std::move(options), clock));
}

FileWorkspace::FileWorkspace(std::string folder, Fd open_folder, std::vector<Receipt> receipts,
                             FileWorkspaceOptions options, const Clock& clock)
    : folder_(std::move(folder)),
      open_folder_(std::move(open_folder)),
      options_(std::move(options)),
      stamps_(open_folder_.fd(), options_.hash, clock),
      receipts_(std::move(receipts)),
      drawers_(folder_, options_.run) {}

Freshness FileWorkspace::examine(const Task& task) {
    const std::vector<InputFile> inputs = see_inputs(task, folder_, stamps_, receipts_);
    Freshness fresh;
    fresh.features = features_of(task, inputs);
    fresh.divisible = divisible_of(task, inputs);
    for (const InputFile& input : inputs)
        if (input.made) fresh.deleted_inputs.push_back(input.path);
    fresh.reason = why_it_runs(task, inputs);
    fresh.up_to_date = fresh.reason.empty();
    if (!fresh.up_to_date) return fresh;
    fresh.reason = task.outputs.empty() ? "has run before, and nothing it reads changed" : "outputs are up to date";
    receipts_.claim(task.name);
    return fresh;
}

std::string FileWorkspace::why_it_runs(const Task& task, const std::vector<InputFile>& inputs) {
    if (options_.force_all || options_.force.contains(task.name)) return "forced";
    const Receipt* receipt = receipts_.find(task.name);
    if (!receipt) return "no record of an earlier run";
    if (receipt->command != command_hash(task))
        return task.step->container ? "the command or its image changed" : "the command changed";
    Renewals renewals;
    if (std::string reason = changed_input(*receipt, inputs, renewals); !reason.empty()) return reason;
    if (std::string reason = changed_output(task, *receipt, renewals); !reason.empty()) return reason;
    if (!renewals.empty()) renew(task, *receipt, renewals);
    return {};
}

std::string FileWorkspace::changed_input(const Receipt& receipt, const std::vector<InputFile>& inputs,
                                         Renewals& renewals) {
    Records records(receipt.inputs);
    for (std::size_t at = 0; at < inputs.size(); ++at) {
        const InputFile& input = inputs[at];
        if (input.seen.error != 0)
            return fmt::format("input {} cannot be looked at: {}", input.path,
                               system_error("stat", input.seen.error).message);
        const FileStamp* record = records.find(input.path, at);
        if (!input.seen && !input.made) return fmt::format("input {} is missing", input.path);
        if (!record) return fmt::format("input {} is new", input.path);
        if (input.made) {
            if (!same_record(*record, *input.made)) return fmt::format("input {} changed", input.path);
            continue;
        }
        const Stamps::Verdict verdict = stamps_.compare(*record, input.seen);
        if (verdict == Stamps::Verdict::changed) return fmt::format("input {} changed", input.path);
        if (verdict == Stamps::Verdict::same_content) renewals.push_back({record, input.seen});
    }
    if (inputs.size() >= receipt.inputs.size()) return {};
    for (const FileStamp& record : receipt.inputs)
        if (std::ranges::find(inputs, record.path, &InputFile::path) == inputs.end())
            return fmt::format("input {} is no longer one", record.path);
    return {};
}

std::string FileWorkspace::changed_output(const Task& task, const Receipt& receipt, Renewals& renewals) {
    const auto changed = [&](const FileStamp& record, bool may_be_gone) -> std::string {
        const Sighting seen = stamps_.see(record.path);
        if (!seen) return may_be_gone ? std::string() : fmt::format("output {} is missing", record.path);
        const Stamps::Verdict verdict = stamps_.compare(record, seen);
        if (verdict == Stamps::Verdict::changed) return fmt::format("output {} was changed since", record.path);
        if (verdict == Stamps::Verdict::same_content) renewals.push_back({&record, seen});
        return {};
    };
    for (std::size_t at = 0; at < task.outputs.size(); ++at) {
        const OutputFile& output = task.outputs[at];
        if (const FileStamp* record = record_of(receipt.outputs, output.path, at)) {
            // What a part made is wanted until it is joined, after which nobody looks at the part.
            const bool may_be_gone = output.temporary && task.part == nullptr;
            if (std::string reason = changed(*record, may_be_gone); !reason.empty()) return reason;
            continue;
        }
        bool is_known = false;
        for (const FileStamp& record : receipt.outputs) {
            if (!is_glob(output.path) || !glob_matches(output.path, record.path)) continue;
            is_known = true;
            if (std::string reason = changed(record, output.temporary); !reason.empty()) return reason;
        }
        if (!is_known) return fmt::format("output {} is new", output.path);
    }
    return {};
}

void FileWorkspace::renew(const Task& task, const Receipt& receipt, const Renewals& renewals) {
    Receipt renewed = receipt;
    for (const auto& [record, seen] : renewals) {
        const auto into = [&](std::vector<FileStamp>& to, const std::vector<FileStamp>& from) {
            if (!from.empty() && record >= &from.front() && record <= &from.back())
                to[static_cast<std::size_t>(record - &from.front())] =
                    stamps_.stamp(record->path, seen, record->content);
        };
        into(renewed.inputs, receipt.inputs);
        into(renewed.outputs, receipt.outputs);
    }
    if (renewed == receipt) return;
    improved_.insert_or_assign(task.id, task.name);
    receipts_.put(std::move(renewed));
}

void FileWorkspace::await_contents(TaskId task, const Receipt& receipt) {
    Awaiting& awaiting = awaiting_[task];
    awaiting.task_name = receipt.task_name;
    for (const auto* stamps : {&receipt.inputs, &receipt.outputs}) {
        for (const FileStamp& stamp : *stamps) {
            if (stamp.content || !stamps_.is_being_hashed(stamp.path)) continue;
            awaited_[stamp.path].push_back(task);
            ++awaiting.files;
        }
    }
    if (awaiting.files == 0) awaiting_.erase(task);
}

void FileWorkspace::fill_in(const ContentWanted& hashed) {
    const auto waiting = awaited_.find(hashed.path);
    if (waiting == awaited_.end()) return;
    for (const TaskId task : std::exchange(waiting->second, {})) {
        Awaiting& awaiting = awaiting_.at(task);
        Receipt receipt = *receipts_.find(awaiting.task_name);
        for (auto* stamps : {&receipt.inputs, &receipt.outputs}) {
            for (FileStamp& stamp : *stamps) {
                if (!hashed.content || stamp.path != hashed.path || !same_stamp(stamp, hashed.seen)) continue;
                stamp.content = hashed.content;
                awaiting.improved = true;
            }
        }
        if (hashed.content) receipts_.put(std::move(receipt));
        if (--awaiting.files > 0) continue;
        if (awaiting.improved) improved_.insert_or_assign(task, awaiting.task_name);
        awaiting_.erase(task);
    }
    awaited_.erase(hashed.path);
}

std::vector<Resealed> FileWorkspace::take_resealed() {
    for (const ContentWanted& hashed : stamps_.take_hashed()) fill_in(hashed);
    std::vector<Resealed> resealed;
    for (const auto& [task, name] : std::exchange(improved_, {})) resealed.push_back({task, *receipts_.find(name)});
    return resealed;
}

void FileWorkspace::settle() {
    for (const ContentWanted& hashed : stamps_.drain(settled_max)) fill_in(hashed);
}

}  // namespace plimsoll::workflow
