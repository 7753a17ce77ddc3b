// SPDX-License-Identifier: Apache-2.0
// Around one attempt: its place is made ready before, what it left is judged, kept or set aside after.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "plimsoll/base/path.h"
#include "plimsoll/base/probe.h"
#include "plimsoll/base/text.h"
#include "plimsoll/workflow/command_hash.h"
#include "plimsoll/workflow/file_workspace.h"
#include "plimsoll/workflow/file_world.h"

namespace plimsoll::workflow {
namespace {

bool stands_at(int folder, const std::string& path) {
    struct stat found{};
    return ::fstatat(folder, path.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0;
}

bool is_folder(int folder, const std::string& path) {
    struct stat found{};
    return ::fstatat(folder, path.c_str(), &found, 0) == 0 && S_ISDIR(found.st_mode);
}

std::string without_last_slash(std::string path) {
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    return path;
}

std::string real_path(int descriptor) {
    char text[4096];
    const ssize_t length = ::readlink(("/proc/self/fd/" + std::to_string(descriptor)).c_str(), text, sizeof text);
    return {text, length < 0 ? 0 : static_cast<std::size_t>(length)};
}

bool leads_up(const std::string& path) {
    const std::vector<std::string_view> parts = split(path, '/');
    return std::ranges::find(parts, "..") != parts.end();
}

}  // namespace

Result<void> FileWorkspace::prepare(const Task& task, AttemptId attempt) {
    PLIM_TRY(refuse_overlap(task));
    Prepared prepared{.number = attempt.number, .inputs = {}, .outputs = task.outputs};
    for (InputFile& input : see_inputs(task, folder_, stamps_, receipts_)) {
        if (input.seen.error != 0) {
            return with_remedy(system_error("look at the input " + input.path, input.seen.error), input.seen.error);
        }
        if (!input.seen)
            return Error{ErrorKind::not_found, fmt::format("{}: its input {} is not there", task.name, input.path)};
        recall_content(task, input);
        auto content = stamps_.content(input.path, input.seen);
        prepared.inputs.push_back({std::move(input.path), input.seen, content, stamps_.is_racy(input.seen)});
    }
    PLIM_TRY(clear_outputs(task, prepared));
    for (const OutputFile& output : task.outputs) {
        const std::string parent = folder_of_output(output.path);
        // Made for the user, not for us: his umask decides.
        if (parent.empty() || is_folder(open_folder_.fd(), parent)) continue;
        auto made = make_folders(resolved_path(folder_, parent), 0777);
        if (!made) return with_remedy(made.error(), errno);
    }
    prepared_.insert_or_assign(task.id, std::move(prepared));
    return {};
}

/// A large file's hash may stand in a receipt: of this task, or of the one that made the file.
void FileWorkspace::recall_content(const Task& task, const InputFile& input) {
    if (input.seen.bytes <= options_.hash.at_once || stamps_.content(input.path, input.seen)) return;
    if (const auto maker = receipts_.maker_of(input.path)) stamps_.learn(*maker->stamp, input.seen);
    const Receipt* receipt = receipts_.find(task.name);
    if (!receipt) return;
    for (const FileStamp& record : receipt->inputs)
        if (record.path == input.path) stamps_.learn(record, input.seen);
}

Result<void> FileWorkspace::clear_outputs(const Task& task, const Prepared& prepared) {
    for (const std::string& path : existing_outputs(task)) {
        struct stat found{};
        if (::fstatat(open_folder_.fd(), path.c_str(), &found, AT_SYMLINK_NOFOLLOW) < 0) continue;
        // A link in the path may make one file of two names; a hard link (nlink above 1) has a name to spare.
        for (const PreparedInput& input : prepared.inputs) {
            if (S_ISREG(found.st_mode) && found.st_nlink == 1 && found.st_ino == input.seen.inode &&
                found.st_size == input.seen.size)
                return invalid(fmt::format("{}: the output {} is the same file as the input {}; write to another path",
                                           task.name, path, input.path));
        }
        if (is_ours(path, task)) {
            PLIM_TRY(remove_entry(open_folder_.fd(), path));
            continue;
        }
        const std::string place = PLIM_TRY(drawers_.move(path, task.name));
        notices_.push_back(fmt::format("{} stood where {} writes and is not known to be its own: it is kept as {}",
                                       path, task.name, place));
    }
    return {};
}

std::vector<std::string> FileWorkspace::existing_outputs(const Task& task) const {
    std::vector<std::string> paths;
    for (const OutputFile& output : task.outputs) {
        const std::string path = without_last_slash(output.path);
        if (stands_at(open_folder_.fd(), path)) {
            paths.push_back(path);
        } else if (is_glob(path)) {
            for (std::string& match : glob_files(folder_, path))
                if (!belongs_to_another(match, task)) paths.push_back(std::move(match));
        }
    }
    std::ranges::sort(paths);
    const auto twice = std::ranges::unique(paths);
    paths.erase(twice.begin(), twice.end());
    return paths;
}

/// Patterns of different tasks may overlap (s1* and s10*): a match is another's when that task's receipt in
/// this run lists it, or when that task runs now and declares it too.
bool FileWorkspace::belongs_to_another(const std::string& path, const Task& task) const {
    if (const auto maker = receipts_.maker_of(path); maker && maker->claimed && maker->by->task_name != task.name)
        return true;
    return std::ranges::any_of(prepared_, [&](const auto& running) {
        return running.first != task.id && std::ranges::any_of(running.second.outputs, [&](const OutputFile& output) {
                   return output.path == path || (is_glob(output.path) && glob_matches(output.path, path));
               });
    });
}

bool FileWorkspace::is_ours(const std::string& path, const Task& task) {
    if (task.part != nullptr) return true;  // in a folder that nobody else writes to
    const Sighting seen = stamps_.see(path);
    if (!seen) return false;
    if (const Receipt* receipt = receipts_.find(task.name)) {
        for (const FileStamp& record : receipt->outputs)
            if (without_last_slash(record.path) == path)
                return stamps_.compare(record, seen) != Stamps::Verdict::changed;
    }
    const auto maker = receipts_.maker_of(path);
    return maker && !maker->claimed && stamps_.compare(*maker->stamp, seen) != Stamps::Verdict::changed;
}

/// Which outputs are missing, where they were looked for, and what to do.
std::string FileWorkspace::told_missing(const std::vector<std::string>& paths, const Task& task) const {
    std::string text =
        fmt::format("{} not there when the command had ended well; looked for in {}", join(paths, ", "), folder_);
    if (!task.step->workdir.empty()) text += fmt::format(", not in {}, where it ran", task.step->workdir);
    return text + "; let the command write to {output}, or correct the step's outputs";
}

Conclusion FileWorkspace::conclude(const Task& task, AttemptId attempt) {
    const auto found = prepared_.find(task.id);
    PLIM_CHECK(found != prepared_.end() && found->second.number == attempt.number,
               "an attempt is prepared before it is concluded");
    Receipt receipt{.task_name = task.name, .command = command_hash(task), .inputs = {}, .outputs = {}};
    std::vector<std::string> missing;
    for (const OutputFile& output : task.outputs) {
        if (const Sighting seen = stamps_.see(output.path)) {
            receipt.outputs.push_back(stamps_.stamp(output.path, seen));
            continue;
        }
        const std::size_t before = receipt.outputs.size();
        if (is_glob(output.path)) stamp_matches(output.path, task, receipt.outputs);
        if (receipt.outputs.size() == before) missing.push_back(output.path);
    }
    if (!missing.empty()) return {{Ending::missing_output, 0, told_missing(missing, task)}, std::nullopt};
    if (std::string changed = changed_while_running(found->second); !changed.empty())
        return {{Ending::input_changed, 0, std::move(changed)}, std::nullopt};
    for (const PreparedInput& input : found->second.inputs)
        receipt.inputs.push_back(stamps_.stamp(input.path, input.seen));
    prepared_.erase(found);
    receipts_.put(receipt);
    improved_.erase(task.id);  // what was improved is replaced
    receipts_.claim(task.name);
    await_contents(task.id, receipt);
    return {{Ending::finished, 0, {}}, std::move(receipt)};
}

void FileWorkspace::stamp_matches(const std::string& pattern, const Task& task, std::vector<FileStamp>& outputs) {
    for (const std::string& match : glob_files(folder_, pattern)) {
        const Sighting seen = stamps_.see(match);
        if (seen && !belongs_to_another(match, task)) outputs.push_back(stamps_.stamp(match, seen));
    }
}

/// The path of the first input that is not what it was; "" when all are. A stamp that moved over an equal
/// content is taken anew.
std::string FileWorkspace::changed_while_running(Prepared& prepared) {
    for (PreparedInput& input : prepared.inputs) {
        const Sighting seen = stamps_.see(input.path);
        if (!seen) return input.path + " (it is gone)";
        if (seen == input.seen && !(input.was_racy && input.content)) continue;
        if (!input.content || seen.size != input.seen.size) return input.path;
        if (stamps_.content_now(input.path, seen) != input.content) return input.path;
        input.seen = seen;
    }
    return {};
}

void FileWorkspace::set_aside(const Task& task, AttemptId attempt) {
    const auto found = prepared_.find(task.id);
    if (found == prepared_.end() || found->second.number != attempt.number) return;
    const std::vector<std::string> left = existing_outputs(task);
    prepared_.erase(found);
    put_aside(left, drawers_, fmt::format("{}.{}", task.name, attempt.number),
              fmt::format("attempt {} of {} did not finish", attempt.number, task.name));
}

void FileWorkspace::recover(const std::vector<Interrupted>& attempts) {
    for (const Interrupted& lost : attempts) {
        std::vector<std::string> left = existing_outputs(*lost.task);
        std::erase_if(left, [&](const std::string& path) { return is_ours(path, *lost.task); });
        put_aside(left, SetAside(folder_, lost.run), fmt::format("{}.{}", lost.task->name, lost.attempt),
                  fmt::format("{} was interrupted", lost.task->name));
    }
}

void FileWorkspace::put_aside(const std::vector<std::string>& paths, const SetAside& drawers, const std::string& drawer,
                              const std::string& why) {
    std::vector<std::string> places;
    for (const std::string& path : paths) {
        if (auto moved = drawers.move(path, drawer)) {
            places.push_back(*std::move(moved));
        } else {
            notices_.push_back(
                fmt::format("{}, and what it left at {} stays there, untrusted: {}", why, path, moved.error().message));
        }
    }
    if (places.empty()) return;
    const std::string more = places.size() > 1 ? fmt::format(" and {} more", places.size() - 1) : std::string();
    notices_.push_back(fmt::format("{}: what it left of its outputs is kept as {}{}", why, places.front(), more));
}

void FileWorkspace::delete_temporaries(const Task& task) {
    if (task.split != nullptr)
        if (auto deleted = remove_entry(open_folder_.fd(), task.split->folder); !deleted)
            notices_.push_back(fmt::format("the parts of {} stay: {}", task.name, deleted.error().message));
    const Receipt* receipt = receipts_.find(task.name);
    if (!receipt) return;
    for (const FileStamp& record : receipt->outputs) {
        const bool is_temporary = std::ranges::any_of(task.outputs, [&](const OutputFile& output) {
            return output.temporary &&
                   (output.path == record.path || (is_glob(output.path) && glob_matches(output.path, record.path)));
        });
        const Sighting seen = is_temporary ? stamps_.see(record.path) : Sighting{};
        if (!seen) continue;
        if (stamps_.compare(record, seen) == Stamps::Verdict::changed) {
            notices_.push_back(
                fmt::format("the temporary output {} stays: it was changed since {} made it", record.path, task.name));
        } else if (auto deleted = delete_inside(without_last_slash(record.path)); !deleted) {
            notices_.push_back(fmt::format("the temporary output {} stays: {}", record.path, deleted.error().message));
        }
    }
}

/// Deletes in the folder that the path's links really lead to, once that is known to lie inside ours; a
/// path that the user wrote as absolute or upwards is taken at its word.
Result<void> FileWorkspace::delete_inside(const std::string& path) const {
    const std::size_t slash = path.rfind('/');
    const std::string parent = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
    const Fd opened(::openat(open_folder_.fd(), parent.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!opened) return system_error("open the folder " + parent);
    const std::string place = real_path(opened.fd()), own = real_path(open_folder_.fd());
    const bool is_inside = !own.empty() && (place == own || place.starts_with(own + "/") || own == "/");
    if (!is_inside && !path.starts_with('/') && !leads_up(path))
        return Error{ErrorKind::refused, "a symbolic link leads to it out of " + own + ", to " + place};
    return remove_entry(opened.fd(), path.substr(slash == std::string::npos ? 0 : slash + 1));
}

}  // namespace plimsoll::workflow
