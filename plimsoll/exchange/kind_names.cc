// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/exchange/kind_names.h"

#include <algorithm>
#include <cctype>

#include "plimsoll/base/text.h"

namespace plimsoll::exchange {
namespace {

constexpr std::size_t known_most = 20'000;  ///< names remembered: a dump may have a million
constexpr std::size_t telling_digits = 3;   ///< a run of so many tells instances apart

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

/// "0f8e…-…": eight and more hexadecimal digits, some of them letters and some not.
bool is_id(std::string_view word) {
    const auto is_hex = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
    return word.size() >= 8 && std::all_of(word.begin(), word.end(), is_hex) &&
           std::any_of(word.begin(), word.end(), is_digit);
}

void add_without_runs(std::string& text, std::string_view word) {
    for (std::size_t at = 0; at < word.size();) {
        std::size_t end = at;
        while (end < word.size() && is_digit(word[end])) ++end;
        if (end == at) {
            text += word[at++];
            continue;
        }
        if (end - at >= telling_digits) text += '#';
        else text += word.substr(at, end - at);
        at = end;
    }
}

std::string without_numbers(std::string_view name) {
    std::string text;
    for (std::size_t at = 0; at < name.size();) {
        std::size_t end = at;
        while (end < name.size() && is_word(name[end])) ++end;
        const std::string_view word = name.substr(at, end - at);
        if (!word.empty() && (std::all_of(word.begin(), word.end(), is_digit) || is_id(word))) text += '#';
        else add_without_runs(text, word);
        if (end < name.size()) text += name[end];
        at = end + 1;
    }
    return text;
}

/// A whole UUID is five ids with dashes: one sign is enough.
void fold(std::string& text, std::string_view many, std::string_view one) {
    for (std::size_t at = 0; (at = text.find(many, at)) != std::string::npos;) text.replace(at, many.size(), one);
}

std::string lower(std::string_view text) {
    std::string small(text);
    for (char& c : small) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return small;
}

/// "NFCORE_X:X:ALIGN" -> "align"
std::string last_part(std::string_view step) { return lower(step.substr(step.rfind(':') + 1)); }

}  // namespace

std::string kind_name(std::string_view job_name) {
    if (job_name.starts_with("nf-")) {
        job_name.remove_prefix(3);
        if (const std::size_t tag = job_name.find("_("); tag != std::string_view::npos)
            job_name = job_name.substr(0, tag);
    } else if (job_name.starts_with("snakejob.")) {
        job_name.remove_prefix(9);
        job_name = job_name.substr(0, job_name.find('.'));
    }
    std::string name = without_numbers(job_name);
    fold(name, "#-#", "#");
    fold(name, "#.#", "#");
    fold(name, "#_#", "#");
    return name;
}

KindNames::KindNames(NamingOptions options) : options_(std::move(options)) {}

const TaskKind& KindNames::kind(std::string_view workflow, std::string_view step, std::string_view command) {
    key_.assign(workflow).append(1, '\n').append(step).append(1, '\n').append(command);
    if (const auto known = known_.find(key_); known != known_.end()) return known->second;
    if (known_.size() >= known_most) known_.clear();
    return known_.emplace(key_, find(workflow, step, command)).first->second;
}

const TaskKind& KindNames::kind_of_job(std::string_view workflow, std::string_view name) {
    key_.assign(workflow).append("\njob\n").append(name);
    if (const auto known = known_.find(key_); known != known_.end()) return known->second;
    if (known_.size() >= known_most) known_.clear();
    for (const std::string& group : options_.groups)
        if (glob_matches(group, name)) return known_.emplace(key_, find(workflow, name, "")).first->second;
    return known_.emplace(key_, find(workflow, kind_name(name), "")).first->second;
}

TaskKind KindNames::find(std::string_view workflow, std::string_view step, std::string_view command) const {
    const auto group = std::find_if(options_.groups.begin(), options_.groups.end(),
                                    [&](const std::string& pattern) { return glob_matches(pattern, step); });
    if (group != options_.groups.end()) step = *group;
    const std::string last = last_part(step);
    for (const TaskKind& kind : options_.as)
        if (kind.step == step || lower(kind.step) == last) return kind;
    return {.workflow = options_.workflow.empty() ? std::string(workflow) : options_.workflow,
            .step = std::string(step),
            .tool = options_.tool_of && !command.empty() ? options_.tool_of(command) : ""};
}

}  // namespace plimsoll::exchange
