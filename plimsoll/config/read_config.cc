// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/config/read_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "plimsoll/base/text.h"
#include "plimsoll/config/config_keys.h"
#include "plimsoll/workflow/fields.h"
#include "plimsoll/workflow/yaml.h"

namespace plimsoll::config {
namespace {

using workflow::Fields;
using workflow::Node;
using workflow::Reading;

// What the ledger of runs has room for (machine/queue_page.h).
constexpr std::size_t path_longest = 55;
constexpr double counts_max = 1e6;

QueueAmounts read_amounts(const Node& node, std::string_view what, Reading& reading) {
    const Fields fields(node, what, amounts_keys, reading);
    return {.cpu = fields.parsed("cpu", parse_cores),
            .memory = fields.parsed("memory", parse_bytes),
            .gpu = fields.number("gpu", 0, 1024)};
}

Result<Discipline> parse_discipline(std::string_view text) {
    std::vector<std::string> names;
    for (const Discipline each : {Discipline::fair, Discipline::sfq, Discipline::priority, Discipline::path,
                                  Discipline::fifo, Discipline::edf, Discipline::depth}) {
        if (name_of(each) == text) return each;
        names.emplace_back(name_of(each));
    }
    const auto near = nearest_name(text, names);
    return invalid(near ? fmt::format("'{}' is no discipline; did you mean '{}'?", text, *near)
                        : fmt::format("'{}' is no discipline; use {}", text, join(names, ", ")));
}

void read_discipline(const Fields& fields, bool has_children, Discipline& into, Reading& reading) {
    const auto discipline = fields.parsed("discipline", parse_discipline);
    if (!discipline) return;
    if (has_children ? orders_children(*discipline) : orders_tasks(*discipline)) {
        into = *discipline;
        return;
    }
    reading.problems.add(fields.find("discipline")->mark,
                         has_children ? fmt::format("'{}' orders tasks, and here it is to choose among queues; use "
                                                    "fair, sfq or priority",
                                                    name_of(*discipline))
                                      : fmt::format("'{}' chooses among queues, and here it is to order tasks; use "
                                                    "path, priority, fifo, edf or depth",
                                                    name_of(*discipline)));
}

/// What it says itself; where it says nothing, what its parent does.
void read_reclaim(const Fields& fields, std::optional<Duration>& into, Reading& reading) {
    const Node* node = fields.find("reclaim");
    if (node == nullptr) return;
    if (node->is_scalar() && node->text == "off") return into.reset();
    if (!node->is_map())
        return reading.problems.add(node->mark, "'reclaim' is off, or says after how long: {after: 30s}");
    const Fields said(*node, "'reclaim'", reclaim_keys, reading);
    if (said.find("after") == nullptr)
        return reading.problems.add(node->mark, "'reclaim' needs to know after how long; write {after: 30s}");
    if (const auto after = said.parsed("after", parse_duration)) into = after;
}

void check_amounts(const QueueSpec& spec, const Node& most, Reading& reading) {
    const auto is_more = [](const auto& least, const auto& limit) { return least && limit && *limit < *least; };
    if (is_more(spec.guaranteed.cpu, spec.most.cpu) || is_more(spec.guaranteed.memory, spec.most.memory) ||
        is_more(spec.guaranteed.gpu, spec.most.gpu))
        reading.problems.add(most.mark, fmt::format("queue '{}' is guaranteed more than the most it may hold; raise "
                                                    "'most', or lower 'guaranteed'",
                                                    spec.path));
}

void read_queues(const Node& node, std::size_t parent, std::vector<QueueSpec>& queues, Reading& reading);

void read_queue(const workflow::Entry& entry, std::size_t parent, std::vector<QueueSpec>& queues, Reading& reading) {
    const std::string& above = queues[parent].path;
    QueueSpec spec{.path = above.empty() ? entry.key : above + "/" + entry.key,
                   .parent = static_cast<int>(parent),
                   .reclaim_after = queues[parent].reclaim_after};
    if (!workflow::is_identifier(entry.key, true))
        return reading.problems.add(
            entry.mark, fmt::format("'{}' cannot be a queue's name; use letters, digits, _ and -", entry.key));
    if (spec.path.size() > path_longest)
        return reading.problems.add(
            entry.mark, fmt::format("the path '{}' is longer than {} characters; shorten it", spec.path, path_longest));
    static const Node nothing = [] {
        Node map;
        map.kind = Node::Kind::map;
        return map;
    }();
    const Fields fields(entry.value.is_null() ? nothing : entry.value, fmt::format("queue '{}'", spec.path), queue_keys,
                        reading);
    const Node* below = fields.find("queues");
    spec.discipline = below ? Discipline::fair : Discipline::path;
    read_discipline(fields, below != nullptr, spec.discipline, reading);
    if (const auto weight = fields.number("weight", 0.001, counts_max)) spec.weight = *weight;
    if (const auto priority = fields.number("priority", -counts_max, counts_max)) spec.priority = *priority;
    if (const auto running = fields.number("max_running", 1, counts_max)) spec.max_running = static_cast<int>(*running);
    if (const auto ageing = fields.number("ageing", 0.001, 1000)) spec.ageing = *ageing;
    if (const Node* least = fields.find("guaranteed")) spec.guaranteed = read_amounts(*least, "'guaranteed'", reading);
    if (const Node* most = fields.find("most")) {
        spec.most = read_amounts(*most, "'most'", reading);
        check_amounts(spec, *most, reading);
    }
    read_reclaim(fields, spec.reclaim_after, reading);
    const std::size_t id = queues.size();
    queues.push_back(std::move(spec));
    if (below) read_queues(*below, id, queues, reading);
}

void read_queues(const Node& node, std::size_t parent, std::vector<QueueSpec>& queues, Reading& reading) {
    if (!node.is_map() || node.entries.empty())
        return reading.problems.add(
            node.mark, fmt::format("'queues' must be a map of queues by name, not {}; write prod: {{weight: 3}}",
                                   node.is_map() ? "an empty one" : kind_name(node)));
    for (const workflow::Entry& entry : node.entries) read_queue(entry, parent, queues, reading);
}

bool is_leaf(const std::vector<QueueSpec>& queues, std::size_t id) {
    return std::ranges::none_of(queues, [&](const QueueSpec& each) { return each.parent == static_cast<int>(id); });
}

void read_root(const Node& root, Config& config, Reading& reading) {
    const Fields fields(root, "a config file", config_keys, reading);
    read_discipline(fields, true, config.queues.front().discipline, reading);
    std::optional<Duration> reclaim_after = config.queues.front().reclaim_after;
    read_reclaim(fields, reclaim_after, reading);
    for (QueueSpec& queue : config.queues) queue.reclaim_after = reclaim_after;
    const Node* queues = fields.find("queues");
    if (queues == nullptr) return;
    config.names_queues = true;
    config.queues.resize(1);
    read_queues(*queues, 0, config.queues, reading);
    const auto standard = find_queue(config.queues, "default");
    if (!standard) config.queues.push_back({.path = "default", .parent = 0, .reclaim_after = reclaim_after});
    else if (!is_leaf(config.queues, *standard))
        reading.problems.add(queues->mark,
                             "queue 'default' has queues below it, and steps that name no queue stand in "
                             "it; give it another name");
}

}  // namespace

std::string default_config_file(const ConfigHome& home) {
    if (home.xdg_config_home.starts_with('/')) return home.xdg_config_home + "/plimsoll/config.yaml";
    if (home.home.starts_with('/')) return home.home + "/.config/plimsoll/config.yaml";
    return {};
}

ReadConfig read_config_text(std::string_view text, const std::string& file) {
    ReadConfig read;
    read.config.file = file;
    workflow::Problems problems(file, text);
    Reading reading{.problems = problems, .globals = {}, .secrets = {}, .step_names = {}};
    const auto root = workflow::parse_yaml(text, problems);
    if (root && !root->is_null()) read_root(*root, read.config, reading);
    read.problems = problems.take_problems();
    return read;
}

Result<std::vector<QueueSpec>> queues_for(const Config& config, const std::vector<std::string>& named) {
    std::vector<QueueSpec> queues = config.queues;
    for (const std::string& name : named) {
        const auto found = find_queue(queues, name);
        if (found && is_leaf(queues, *found)) continue;
        if (!config.names_queues) {
            if (name.size() > path_longest)
                return invalid(
                    fmt::format("the queue's name '{}' is longer than {} characters; shorten it", name, path_longest));
            queues.push_back({.path = name, .parent = 0, .reclaim_after = queues.front().reclaim_after});
            continue;
        }
        std::vector<std::string> leaves;
        for (std::size_t id = 0; id < queues.size(); ++id)
            if (is_leaf(queues, id)) leaves.push_back(queues[id].path);
        if (found)
            return invalid(fmt::format("queue '{}' has queues below it, and tasks stand in those; name one of {}", name,
                                       join(leaves, ", ")));
        const auto near = nearest_name(name, leaves);
        return invalid(fmt::format(
            "there is no queue '{}' in {}; {}", name, config.file,
            near ? fmt::format("did you mean '{}'?", *near) : fmt::format("there are {}", join(leaves, ", "))));
    }
    return queues;
}

}  // namespace plimsoll::config
