// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/task_files.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <unordered_map>
#include <utility>

#include "plimsoll/base/text.h"
#include "plimsoll/model/split.h"
#include "plimsoll/workflow/file_world.h"

namespace plimsoll::workflow {
namespace {

std::optional<double> as_number(const std::string& text) {
    double number = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    return number;
}

/// Two spellings of a path that differ only in "./", "//", "x/.." or a last '/' become one.
std::string plain(const std::string& path) {
    std::string normal = std::filesystem::path(path).lexically_normal().string();
    if (normal.size() > 1 && normal.ends_with('/')) normal.pop_back();
    return normal;
}

}  // namespace

std::vector<InputFile> see_inputs(const Task& task, const std::string& folder, const Stamps& stamps,
                                  const ReceiptBook& receipts) {
    std::vector<InputFile> inputs;
    inputs.reserve(task.inputs.size());
    for (const std::string& path : task.inputs) {
        const Sighting seen = stamps.see(path);
        if (seen || !is_glob(path)) {
            inputs.push_back({path, seen});
        } else {
            const std::vector<std::string> matches = glob_files(folder, path);
            for (const std::string& match : matches) inputs.push_back({match, stamps.see(match)});
            if (matches.empty()) inputs.push_back({path, seen});
        }
        InputFile& last = inputs.back();
        if (last.seen || last.seen.error != 0) continue;
        if (const auto maker = receipts.maker_of(last.path); maker && maker->by->task_name != task.name)
            last.made = maker->stamp;
    }
    return inputs;
}

Features features_of(const Task& task, const std::vector<InputFile>& inputs) {
    Features features;
    features.input_count = static_cast<std::uint32_t>(inputs.size());
    for (const InputFile& input : inputs)
        features.input_bytes += input.made ? Bytes{input.made->size} : input.seen.bytes;
    // A range has no size but how many numbers it is.
    if (task.split != nullptr && task.split->rule.by == SplitBy::range)
        features.input_bytes += Bytes{task.split->rule.last - task.split->rule.first + 1};
    if (task.part != nullptr) features.input_bytes += Bytes{task.part->numbers} - task.part->others;
    for (const auto& [name, value] : task.bindings)
        if (const auto number = as_number(value)) features.numbers.emplace_back(name, *number);
    return features;
}

Bytes divisible_of(const Task& task, const std::vector<InputFile>& inputs) {
    Bytes bytes{};
    if (task.split == nullptr) return bytes;
    const SplitRule& rule = task.split->rule;
    if (rule.by == SplitBy::range) return Bytes{rule.last - rule.first + 1};
    for (const InputFile& input : inputs)
        if (std::ranges::find(task.split->input, input.path) != task.split->input.end()) bytes += input.seen.bytes;
    return bytes;
}

std::string folder_of_output(const std::string& path) {
    const std::string_view fixed = std::string_view(path).substr(0, path.find_first_of("*?["));
    const bool is_whole = fixed.size() == path.size();
    const std::size_t last = is_whole ? fixed.find_last_not_of('/') : std::string_view::npos;
    const std::size_t slash = fixed.rfind('/', is_whole ? last : std::string_view::npos);
    if (slash == std::string_view::npos) return "";
    return slash == 0 ? "/" : path.substr(0, slash);
}

Result<void> refuse_overlap(const Task& task) {
    std::vector<std::string> inputs;
    inputs.reserve(task.inputs.size());
    for (const std::string& input : task.inputs) inputs.push_back(plain(input));
    std::ranges::sort(inputs);
    for (const OutputFile& output : task.outputs) {
        // The output itself, then every folder it lies in.
        for (std::string path = plain(output.path); !path.empty() && path != "/";
             path = std::filesystem::path(path).parent_path().string()) {
            if (!std::ranges::binary_search(inputs, path)) continue;
            return invalid(task.name + ": " + output.path + " is an output" +
                           (path == plain(output.path) ? " and an input" : " inside the input " + path) +
                           " of one task; write to another path and let the next step read that");
        }
    }
    return {};
}

}  // namespace plimsoll::workflow
