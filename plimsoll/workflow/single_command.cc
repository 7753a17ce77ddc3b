// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/single_command.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "plimsoll/base/text.h"
#include "plimsoll/workflow/argument_shape.h"
#include "plimsoll/workflow/device_count.h"

namespace plimsoll::workflow {
namespace {

void add_file(const struct stat& found, Features& features) {
    if (!S_ISREG(found.st_mode)) return;
    features.input_bytes += Bytes{found.st_size};
    ++features.input_count;
}

Features features_of(const ArgumentShape& shape, const std::string& folder, int input) {
    Features features;
    features.numbers = shape.numbers;
    struct stat found{};
    for (const std::string& word : shape.maybe_files) {
        const std::string path = word.starts_with('/') ? word : folder + "/" + word;
        if (::stat(path.c_str(), &found) == 0) add_file(found, features);
    }
    if (input >= 0 && ::fstat(input, &found) == 0) add_file(found, features);
    return features;
}

Result<void> read_amount(std::string_view key, std::string_view value, Request& request) {
    if (key == "cpu") request.cpu = PLIM_TRY(parse_cores(value));
    else if (key == "memory") request.memory = PLIM_TRY(parse_bytes(value));
    else if (key == "time") request.time = PLIM_TRY(parse_duration(value));
    else if (key == "disk") request.disk = PLIM_TRY(parse_bytes(value));
    else request.gpu = PLIM_TRY(parse_devices(value));
    return {};
}

}  // namespace

SingleCommand single_command(const CommandRequest& request, int input) {
    const ArgumentShape shape = argument_shape(request.words);
    std::vector<std::string> quoted;
    for (const std::string& word : request.words) quoted.push_back(shell_quote(word));
    const std::string& name = request.name.empty() ? shape.tool : request.name;

    SingleCommand made;
    made.workflow.name = "exec " + name;
    made.workflow.folder = request.folder;
    Step& step = made.workflow.steps.emplace_back();
    step.name = name;
    step.kind = {
        .workflow = made.workflow.name, .step = request.name.empty() ? shape.shape : request.name, .tool = shape.tool};
    step.request = request.request;
    step.retry = {.on_out_of_memory = 0, .on_timeout = 0, .on_failure = 0};
    made.task.step = &step;
    made.task.name = name;
    made.task.command.text = join(quoted, " ");
    made.features = features_of(shape, request.folder, input);
    return made;
}

Result<Request> parse_request(std::string_view text) {
    static const std::vector<std::string> keys = {"cpu", "memory", "time", "disk", "gpu"};
    Request request;
    std::string blanks(text);
    for (char& c : blanks)
        if (c == ',') c = ' ';
    for (const std::string_view part : split(blanks, ' ')) {
        if (part.empty()) continue;
        const std::size_t equals = part.find('=');
        const std::string key(part.substr(0, equals));
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
            const auto near = nearest_name(key, keys);
            return invalid(near ? fmt::format("there is no '{}'; did you mean '{}'?", key, *near)
                                : fmt::format("there is no '{}'; ask for {}", key, join(keys, ", ")));
        }
        if (equals == std::string_view::npos)
            return invalid(fmt::format("'{0}' has no amount; write for instance {0}={1}", key,
                                       key == "time"                  ? "1h"
                                       : key == "cpu" || key == "gpu" ? "1"
                                                                      : "2GiB"));
        if (auto read = read_amount(key, part.substr(equals + 1), request); !read) return read.error().within(key);
    }
    return request;
}

Freshness BareWorkspace::examine(const Task&) {
    return {.up_to_date = false, .reason = "a single command runs each time", .features = features_};
}

}  // namespace plimsoll::workflow
