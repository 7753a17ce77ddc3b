// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/drawing.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include "plimsoll/base/text.h"

namespace plimsoll::simulate {
namespace {

using Members = std::map<std::string, std::vector<TaskId>, std::less<>>;

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words = split(line, ' ');
    std::erase_if(words, [](std::string_view word) { return word.empty() || word == "<-"; });
    return words;
}

struct Head {
    std::string_view name;
    int count = 1;
};

Result<Head> read_head(std::string_view word) {
    const std::size_t star = word.find('*');
    if (star == std::string_view::npos) return Head{word};
    Head head{word.substr(0, star)};
    const std::string_view number = word.substr(star + 1);
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), head.count);
    if (error != std::errc() || end != number.data() + number.size() || head.count < 1 || head.count > 1'000'000)
        return invalid(fmt::format("'{}': after '*' stands how many tasks the step has, as in align*4", word));
    return head;
}

void need(Task& task, const std::vector<TaskId>& members, std::size_t at, bool one_each, const Drawing& drawing) {
    for (std::size_t member = 0; member < members.size(); ++member) {
        if (one_each && member != at) continue;
        task.needs.push_back(members[member]);
        task.inputs.push_back(drawing.tasks[members[member]].outputs.front().path);
    }
}

Result<void> add_step(Drawing& drawing, Members& known, std::span<const std::string_view> words,
                      const Request& request) {
    const Head head = PLIM_TRY(read_head(words.front()));
    if (known.contains(head.name)) return invalid(fmt::format("the step '{}' is drawn twice", head.name));
    Step& step = drawing.steps.emplace_back();
    step.name = head.name;
    step.kind = {"drawing", step.name, step.name};
    step.request = request;
    std::vector<TaskId> members;
    for (int number = 0; number < head.count; ++number) {
        Task task;
        task.id = static_cast<TaskId>(drawing.tasks.size());
        task.step = &step;
        task.name = head.count == 1 ? step.name : fmt::format("{}[{}]", step.name, number);
        task.outputs = {{task.name + ".out", false}};
        for (const std::string_view name : words.subspan(1)) {
            const auto needed = known.find(name);
            if (needed == known.end())
                return invalid(fmt::format("'{}' needs '{}', which is not drawn before it", head.name, name));
            const bool one_each = head.count > 1 && std::cmp_equal(needed->second.size(), head.count);
            need(task, needed->second, static_cast<std::size_t>(number), one_each, drawing);
        }
        members.push_back(task.id);
        drawing.tasks.push_back(std::move(task));
    }
    known.emplace(step.name, std::move(members));
    return {};
}

}  // namespace

Step* Drawing::step(std::string_view name) {
    const auto found = std::ranges::find(steps, name, &Step::name);
    return found == steps.end() ? nullptr : &*found;
}

void Drawing::make_temporary(std::string_view name) {
    for (Task& task : tasks)
        if (task.step->name == name)
            for (OutputFile& output : task.outputs) output.temporary = true;
}

Result<Drawing> draw(std::string_view text, const Request& request) {
    Drawing drawing;
    Members known;
    for (const std::string_view line : split(text, ';')) {
        const std::vector<std::string_view> words = words_of(line);
        if (words.empty()) continue;
        PLIM_TRY(add_step(drawing, known, words, request));
    }
    if (drawing.tasks.empty()) return invalid("the drawing is empty; write steps as in \"a; b <- a\"");
    return drawing;
}

}  // namespace plimsoll::simulate
