// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/engine/program_call.h"

#include <sys/stat.h>
#include <unistd.h>

#include <iterator>

#include "plimsoll/base/text.h"

namespace plimsoll::engine {
namespace {

bool is_program(const std::string& path) {
    struct stat found{};
    return ::stat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

/// The first program of that name, as execvp finds it; "" when there is none.
std::string search(std::string_view name, CommandPlace place) {
    for (const std::string_view part : split(place.path, ':')) {
        std::string candidate;
        if (!part.starts_with('/')) candidate.append(place.workdir).append("/");
        candidate.append(part).append("/").append(name);
        if (is_program(candidate)) return candidate;
    }
    return {};
}

}  // namespace

Result<std::vector<std::string>> command_words(const std::string& command, const std::string& shell) {
    if (shell.empty()) {
        if (auto words = simple_command(command)) return *std::move(words);
        return std::vector<std::string>{"sh", "-c", command};
    }
    auto words = simple_command(shell);
    if (!words)
        return invalid("shell '" + shell + "' is not a plain command; write for instance: bash -euo pipefail -c");
    words->push_back(command);
    return *std::move(words);
}

std::vector<std::string> words_after(const std::string& before, std::vector<std::string> words) {
    if (before.empty()) return words;
    std::vector<std::string> all = {"sh", "-c", before + " && exec \"$@\"", "sh"};
    all.insert(all.end(), std::make_move_iterator(words.begin()), std::make_move_iterator(words.end()));
    return all;
}

Result<ProgramCall> Programs::call_words(std::vector<std::string> words, CommandPlace place) {
    const std::string& name = words.front();
    if (name.find('/') != std::string::npos) return ProgramCall{.program = name, .words = std::move(words)};
    std::string key(place.path);
    key.append("\n").append(name);
    if (const auto known = found_.find(key); known != found_.end())
        return ProgramCall{.program = known->second, .words = std::move(words), .is_looked_up = true};
    std::string path = search(name, place);
    if (path.empty())
        return Error{ErrorKind::not_found, "no program '" + name + "' on PATH; install it, or write its full path"};
    // What was found in a part of PATH that is relative holds for this folder only.
    const bool is_everywhere = !place.workdir.empty() && !path.starts_with(std::string(place.workdir) + "/");
    if (is_everywhere) found_.emplace(std::move(key), path);
    return ProgramCall{.program = std::move(path), .words = std::move(words), .is_looked_up = is_everywhere};
}

Result<ProgramCall> Programs::call_through_sh(const std::string& command, CommandPlace place) {
    return call_words({"sh", "-c", command}, place);
}

Result<ProgramCall> Programs::call(const std::string& command, const std::string& shell, CommandPlace place) {
    return call_words(PLIM_TRY(command_words(command, shell)), place);
}

}  // namespace plimsoll::engine
