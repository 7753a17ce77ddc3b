// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/shrink.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "plimsoll/base/text.h"
#include "plimsoll/simulate/read_scenario.h"
#include "plimsoll/simulate/toml.h"

namespace plimsoll::simulate {
namespace {

/// The words of a drawn step: "align*4 <- index" gives align*4, index.
std::vector<std::string> words_of(std::string_view segment) {
    std::vector<std::string> words;
    for (const std::string_view word : split(segment, ' '))
        if (!word.empty() && word != "<-") words.emplace_back(word);
    return words;
}

using Drawn = std::vector<std::vector<std::string>>;

Drawn drawn_of(std::string_view drawing) {
    Drawn steps;
    for (const std::string_view segment : split(drawing, ';')) {
        auto words = words_of(segment);
        if (!words.empty()) steps.push_back(std::move(words));
    }
    return steps;
}

std::string drawing_of(const Drawn& steps) {
    std::string text;
    for (const auto& words : steps) {
        text += (text.empty() ? "" : "; ") + words.front();
        if (words.size() > 1) text += " <-";
        for (std::size_t at = 1; at < words.size(); ++at) text += " " + words[at];
    }
    return text;
}

std::string name_in(const std::string& head) { return head.substr(0, head.find('*')); }

/// All that speaks of the step goes with it.
void forget_step(TomlValue& root, const std::string& name) {
    if (const auto steps = root.keys.find("step"); steps != root.keys.end()) steps->second.keys.erase(name);
    if (const auto faults = root.keys.find("fault"); faults != root.keys.end())
        std::erase_if(faults->second.items, [&](const TomlValue& fault) {
            const auto step = fault.keys.find("step");
            return step != fault.keys.end() && step->second.text == name;
        });
    const auto done = root.keys["workflow"].keys.find("up_to_date");
    if (done != root.keys["workflow"].keys.end())
        std::erase_if(done->second.items, [&](const TomlValue& one) { return one.text == name; });
}

class Shrinking {
public:
    Shrinking(TomlValue root, const std::function<bool(const Scenario&)>& fails)
        : root_(std::move(root)), fails_(fails) {}

    std::string smallest() {
        while (drop_steps() || draw_smaller() || drop_below({})) {}
        return format_toml(root_);
    }

private:
    using Path = std::vector<std::string>;  ///< keys, and places in lists

    bool still_fails(TomlValue candidate) {
        auto read = parse_scenario(format_toml(candidate), "");
        if (!read || !fails_(read->scenario)) return false;
        root_ = std::move(candidate);
        return true;
    }

    const std::string& drawing() { return root_.keys["workflow"].keys["drawing"].text; }
    TomlValue with_drawing(const Drawn& steps) const {
        TomlValue candidate = root_;
        candidate.keys["workflow"].keys["drawing"].text = drawing_of(steps);
        return candidate;
    }

    bool drop_steps() {
        const Drawn steps = drawn_of(drawing());
        for (std::size_t at = steps.size(); at-- > 0;) {
            const std::string name = name_in(steps[at].front());
            Drawn fewer = steps;
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at));
            for (auto& words : fewer) words.erase(std::remove(words.begin() + 1, words.end(), name), words.end());
            if (fewer.empty()) continue;
            TomlValue candidate = with_drawing(fewer);
            forget_step(candidate, name);
            if (still_fails(std::move(candidate))) return true;
        }
        return false;
    }

    /// Fewer tasks of a step, or fewer needs.
    bool draw_smaller() {
        const Drawn steps = drawn_of(drawing());
        for (std::size_t at = 0; at < steps.size(); ++at) {
            const std::size_t star = steps[at].front().find('*');
            if (star != std::string::npos) {
                Drawn one = steps, fewer = steps;
                int count = 1;
                const std::string number = steps[at].front().substr(star + 1);
                std::from_chars(number.data(), number.data() + number.size(), count);
                one[at].front() = name_in(steps[at].front());
                if (still_fails(with_drawing(one))) return true;
                if (count <= 2) continue;
                fewer[at].front() = fmt::format("{}*{}", name_in(steps[at].front()), count - 1);
                if (still_fails(with_drawing(fewer))) return true;
            }
            for (std::size_t need = 1; need < steps[at].size(); ++need) {
                Drawn fewer = steps;
                fewer[at].erase(fewer[at].begin() + static_cast<std::ptrdiff_t>(need));
                if (still_fails(with_drawing(fewer))) return true;
            }
        }
        return false;
    }

    static TomlValue& value_at(TomlValue& root, const Path& path) {
        TomlValue* value = &root;
        for (const std::string& part : path)
            value = value->kind == TomlValue::Kind::list ? &value->items[std::stoul(part)] : &value->keys.at(part);
        return *value;
    }

    bool drop(const Path& where, const std::string& what) {
        TomlValue candidate = root_;
        TomlValue& value = value_at(candidate, where);
        if (value.kind == TomlValue::Kind::table) value.keys.erase(what);
        else value.items.erase(value.items.begin() + static_cast<std::ptrdiff_t>(std::stoul(what)));
        return still_fails(std::move(candidate));
    }

    /// Whole branches first.
    bool drop_below(const Path& where) {
        const TomlValue& value = value_at(root_, where);
        std::vector<std::string> parts;
        for (const auto& [key, inner] : value.keys) parts.push_back(key);
        for (std::size_t at = 0; at < value.items.size(); ++at) parts.push_back(std::to_string(at));
        for (const std::string& part : parts)
            if (drop(where, part)) return true;
        for (const std::string& part : parts) {
            Path below = where;
            below.push_back(part);
            if (value_at(root_, below).kind != TomlValue::Kind::scalar && drop_below(below)) return true;
        }
        return false;
    }

    TomlValue root_;
    const std::function<bool(const Scenario&)>& fails_;
};

}  // namespace

std::string shrink(std::string_view text, const std::function<bool(const Scenario&)>& fails) {
    auto root = parse_toml(text);
    return root ? Shrinking(std::move(*root), fails).smallest() : std::string(text);
}

}  // namespace plimsoll::simulate
