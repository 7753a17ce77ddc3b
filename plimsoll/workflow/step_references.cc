// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/step_references.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <unordered_map>

#include "plimsoll/base/text.h"

namespace plimsoll::workflow {
namespace {

using Visit = std::function<void(const Template&)>;

void visit_groups(const std::vector<Group>& groups, const Visit& visit) {
    for (const Group& group : groups)
        for (const Item& item : group.items) visit(item.path);
}

void visit_scatter(const Scatter& scatter, const Visit& visit) {
    for (const Axis& axis : scatter.axes) {
        if (const auto* texts = std::get_if<std::vector<Template>>(&axis.values))
            std::for_each(texts->begin(), texts->end(), visit);
        if (const auto* files = std::get_if<FilesOnDisk>(&axis.values)) visit(files->pattern);
    }
    for (const auto& row : scatter.rows)
        for (const auto& [variable, text] : row) visit(text);
}

class Collector {
public:
    explicit Collector(const std::vector<StepDescription>& steps) : steps_(steps) {
        for (std::uint32_t i = 0; i < steps.size(); ++i) numbers_.emplace(steps[i].step.name, i);
    }

    std::vector<std::vector<std::uint32_t>> collect(bool with_inputs) {
        std::vector<std::vector<std::uint32_t>> all;
        for (const StepDescription& step : steps_) {
            named_.clear();
            const Visit visit = [this](const Template& text) { add(text); };
            visit_scatter(step.scatter, visit);
            visit_groups(step.outputs, visit);
            if (with_inputs || outputs_use_inputs(step)) visit_groups(step.inputs, visit);
            std::sort(named_.begin(), named_.end());
            named_.erase(std::unique(named_.begin(), named_.end()), named_.end());
            all.push_back(named_);
        }
        return all;
    }

private:
    void add(const Template& text) {
        for (const Piece& piece : text.pieces) {
            const auto* placeholder = std::get_if<Placeholder>(&piece);
            if (placeholder == nullptr || placeholder->path.size() < 2 || placeholder->path[0] != "steps") continue;
            const auto step = numbers_.find(placeholder->path[1]);
            if (step != numbers_.end()) named_.push_back(step->second);
        }
    }

    const std::vector<StepDescription>& steps_;
    std::unordered_map<std::string_view, std::uint32_t> numbers_;
    std::vector<std::uint32_t> named_;
};

}  // namespace

bool outputs_use_inputs(const StepDescription& step) {
    for (const Group& group : step.outputs)
        for (const Item& item : group.items)
            if (mentions(item.path, "input")) return true;
    return false;
}

std::vector<std::vector<std::uint32_t>> references_for_outputs(const std::vector<StepDescription>& steps) {
    return Collector(steps).collect(false);
}
std::vector<std::vector<std::uint32_t>> references(const std::vector<StepDescription>& steps) {
    return Collector(steps).collect(true);
}

std::string draw_cycle(std::vector<std::string> names) {
    names.erase(std::unique(names.begin(), names.end()), names.end());
    if (names.size() > 1 && names.front() == names.back()) names.pop_back();
    names.push_back(names.front());
    return join(names, " -> ");
}

}  // namespace plimsoll::workflow
