// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/read_settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/base/text.h"
#include "plimsoll/base/units.h"
#include "plimsoll/workflow/device_count.h"
#include "plimsoll/workflow/keys.h"

namespace plimsoll::workflow {
namespace {

constexpr double retries_max = 100;

template <class T>
void set(std::optional<T> value, std::optional<T>& into) {
    if (value) into = value;
}

void set_count(const Fields& fields, std::string_view key, int& into) {
    if (const auto count = fields.number(key, 0, retries_max)) into = static_cast<int>(*count);
}

void note_place(const Fields& fields, std::string_view key, Mark& into) {
    if (const Node* node = fields.find(key)) into = node->mark;
}

void read_request(const Node& node, StepDescription& step, Reading& reading) {
    const Fields fields(node, "'request'", request_keys, reading);
    Request& into = step.step.request;
    note_place(fields, "cpu", step.request_marks.cpu);
    note_place(fields, "memory", step.request_marks.memory);
    note_place(fields, "disk", step.request_marks.disk);
    note_place(fields, "gpu", step.request_marks.gpu);
    set(fields.parsed("cpu", parse_cores), into.cpu);
    set(fields.parsed("memory", parse_bytes), into.memory);
    set(fields.parsed("time", parse_duration), into.time);
    set(fields.parsed("disk", parse_bytes), into.disk);
    set(fields.parsed("gpu", parse_devices), into.gpu);
}

/// In the order of CpuLimit.
constexpr std::string_view cpu_limits[] = {"weight", "quota", "cpuset"};

Result<CpuLimit> parse_cpu_limit(std::string_view text) {
    const auto* const found = std::find(std::begin(cpu_limits), std::end(cpu_limits), text);
    if (found != std::end(cpu_limits)) return static_cast<CpuLimit>(found - std::begin(cpu_limits));
    const std::vector<std::string> known(std::begin(cpu_limits), std::end(cpu_limits));
    const auto near = nearest_name(text, known);
    return invalid(fmt::format("'{}' is no way to hold a task to its cores; {}", text,
                               near ? fmt::format("did you mean '{}'?", *near) : "use weight, quota or cpuset"));
}

Result<Bytes> parse_rate(std::string_view text) {
    const std::string_view amount = text.ends_with("/s") ? text.substr(0, text.size() - 2) : text;
    Bytes rate = PLIM_TRY(parse_bytes(amount));
    if (rate > Bytes{}) return rate;
    return invalid(fmt::format("'{}' lets nothing through; write bytes per second, as 50MiB, or take it away", text));
}

void read_limit(const Node& node, StepLimit& into, Reading& reading) {
    const Fields fields(node, "'limit'", limit_keys, reading);
    if (const auto cpu = fields.parsed("cpu", parse_cpu_limit)) into.cpu_by = *cpu;
    if (const auto rate = fields.parsed("disk_read", parse_rate)) into.disk_read = *rate;
    if (const auto rate = fields.parsed("disk_write", parse_rate)) into.disk_write = *rate;
}

void read_retry(const Fields& fields, const Node& node, Retry& into, Reading& reading) {
    if (!node.is_map()) return set_count(fields, "retry", into.on_failure);
    const Fields causes(node, "'retry'", retry_keys, reading);
    set_count(causes, "failure", into.on_failure);
    set_count(causes, "out_of_memory", into.on_out_of_memory);
    set_count(causes, "timeout", into.on_timeout);
}

std::optional<Duration> read_time_limit(const Fields& fields, std::string_view key, Reading& reading) {
    const std::optional<Duration> limit = fields.parsed(key, parse_duration);
    if (!limit || *limit > Duration::zero()) return limit;
    reading.problems.add(fields.find(key)->mark,
                         fmt::format("'{}' of no time at all; give it some, or take it away for no limit", key));
    return std::nullopt;
}

void read_shell(const Fields& fields, StepDescription& into, Reading& reading) {
    const std::optional<std::string> shell = fields.text("shell");
    if (!shell) return;
    if (!simple_command(*shell))
        reading.problems.add(
            fields.find("shell")->mark,
            fmt::format("'{}' is not a program with plain arguments; write one like: bash -euo pipefail -c", *shell));
    into.step.shell = *shell;
    into.has_shell = true;
}

void read_place(const Fields& fields, Step& into, Reading& reading) {
    if (const auto workdir = fields.text("workdir")) into.workdir = clean_path(*workdir);
    const std::optional<std::string> queue = fields.text("queue");
    if (!queue) return;
    into.queue = *queue;
    if (queue->empty())
        reading.problems.add(fields.find("queue")->mark, "'queue' has no name; give it one, or take the key away");
}

/// Gives the name back; it is not looked up anywhere.
Result<std::string> parse_image(std::string_view text) {
    constexpr std::string_view example = "docker.io/library/debian:12";
    if (text.empty())
        return invalid(fmt::format("a 'container' without an image; name one, like {}, or 'none'", example));
    if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos)
        return invalid(fmt::format("'{}' says where an image is fetched by what; write its name alone: {}", text,
                                   text.substr(scheme + 3)));
    const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    const auto may_stand = [&](char c) {
        return is_plain(c) || std::string_view("._-/:@").find(c) != std::string_view::npos;
    };
    if (!is_plain(text.front()) || !std::all_of(text.begin(), text.end(), may_stand))
        return invalid(fmt::format("'{}' is not the name of an image; write one like {}", text, example));
    return std::string(text);
}

void read_container(const Fields& fields, StepDescription& into) {
    const std::optional<std::string> image = fields.parsed("container", parse_image);
    if (!image) return;
    into.step.container.reset();
    if (*image == "none") return;
    into.container_mark = fields.find("container")->mark;
    into.step.container = Container{.image = *image, .identity = {}, .place = {}};
}

/// A command alone, or with how long it may take.
void read_checkpoint(const Fields& fields, std::optional<Checkpoint>& into, Reading& reading) {
    const Node* node = fields.find("checkpoint");
    if (node == nullptr) return;
    Checkpoint made;
    if (node->is_map()) {
        const Fields said(*node, "'checkpoint'", checkpoint_keys, reading);
        made.command = said.text("command").value_or("");
        if (said.find("command") == nullptr)
            reading.problems.add(node->mark, "'checkpoint' has no command; write {command: kill -USR1 $PLIMSOLL_PID}");
        made.within = read_time_limit(said, "within", reading).value_or(made.within);
        made.takes = read_time_limit(said, "takes", reading);
    } else {
        made.command = fields.text("checkpoint").value_or("");
    }
    if (made.command == "none") into.reset();
    else if (!made.command.empty()) into = std::move(made);
}

bool names_environment_variable(std::string_view name, Mark mark, Reading& reading) {
    if (is_identifier(name)) return true;
    reading.problems.add(
        mark, fmt::format("'{}' is not the name of an environment variable; use letters, digits and _", name));
    return false;
}

}  // namespace

void read_environment(const Node& node, std::map<std::string, std::string>& into, Reading& reading) {
    if (!node.is_map())
        return reading.problems.add(
            node.mark, fmt::format("'env' must be a map of variables, not {}; write NAME: value", kind_name(node)));
    for (const Entry& entry : node.entries) {
        if (!names_environment_variable(entry.key, entry.mark, reading)) continue;
        if (entry.value.is_null()) into[entry.key] = "";
        else if (auto text = settled_text(entry.value, fmt::format("the variable '{}'", entry.key), reading))
            into[entry.key] = *text;
    }
}

void read_secrets(const Node& node, std::vector<std::string>& into, Reading& reading) {
    if (node.is_map())
        return reading.problems.add(
            node.mark,
            "'secrets' must be a list of variables' names; their values stay in the environment, out of this file");
    for (auto& [name, mark] : text_list(node, "a secret's name", reading))
        if (names_environment_variable(name, mark, reading) && std::find(into.begin(), into.end(), name) == into.end())
            into.push_back(std::move(name));
}

void read_settings(const Fields& fields, StepDescription& into, Reading& reading) {
    Step& step = into.step;
    if (const Node* request = fields.find("request")) read_request(*request, into, reading);
    if (const Node* limit = fields.find("limit")) read_limit(*limit, step.limit, reading);
    if (const Node* retry = fields.find("retry")) read_retry(fields, *retry, step.retry, reading);
    if (const Node* env = fields.find("env")) read_environment(*env, step.env, reading);
    if (const Node* secrets = fields.find("secrets")) read_secrets(*secrets, step.secrets, reading);
    set(read_time_limit(fields, "timeout", reading), step.timeout);
    set(read_time_limit(fields, "deadline", reading), step.deadline);
    if (const auto priority = fields.number("priority", -1e6, 1e6)) step.priority = *priority;
    set(fields.parsed("risk", parse_risk), step.risk);
    read_shell(fields, into, reading);
    read_container(fields, into);
    read_checkpoint(fields, step.checkpoint, reading);
    read_place(fields, step, reading);
}

}  // namespace plimsoll::workflow
