// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/scatter.h"

#include <fmt/format.h>

#include <iterator>

#include "plimsoll/workflow/paths.h"

namespace plimsoll::workflow {
namespace {

class AxisReader {
public:
    AxisReader(const Axis& axis, const Scope& scope, const ScatterPlace& place, Problems& problems)
        : axis_(axis), scope_(scope), place_(place), problems_(problems) {}

    /// One value for each word; nothing when a problem was told.
    std::optional<std::vector<Value>> read() {
        const bool sound = std::visit([this](const auto& values) { return add(values); }, axis_.values);
        if (!sound) return std::nullopt;
        return std::move(values_);
    }

private:
    bool add(const std::vector<Template>& texts) {
        if (texts.size() == 1 && texts.front().source.find_first_of("*?") != std::string::npos)
            return reject_lone_pattern(texts.front());
        values_.reserve(texts.size());
        for (const Template& text : texts) {
            std::optional<Value> value = render_words(text, scope_, problems_);
            if (!value || !fits(value->words.size(), text.mark)) return false;
            if (value->has_patterns) return reject_patterns(text);
            for (std::string& word : value->words)
                values_.push_back({.words = {std::move(word)}, .is_path = value->is_path});
        }
        return true;
    }
    bool add(const FilesOnDisk& files) {
        const std::optional<Value> patterns = render_paths(files.pattern, scope_, place_.folder, problems_);
        if (!patterns) return false;
        for (const std::string& pattern : patterns->words) {
            std::vector<std::string> found = place_.files.glob(pattern);
            if (found.empty())
                problems_.add(files.pattern.mark,
                              fmt::format("no file matches '{}' in {}; correct the pattern, or put the files there",
                                          pattern, place_.folder));
            if (found.empty() || !fits(found.size(), files.pattern.mark)) return false;
            for (std::string& path : found) values_.push_back({.words = {std::move(path)}, .is_path = true});
        }
        return true;
    }
    bool add(const Range& range) {
        const std::int64_t count = (range.last - range.first) / range.step + 1;
        if (!fits(static_cast<std::size_t>(count), axis_.mark)) return false;
        values_.reserve(static_cast<std::size_t>(count));
        for (std::int64_t i = 0; i < count; ++i)
            values_.push_back({.words = {fmt::format("{:0{}}", range.first + i * range.step, range.width)}});
        return true;
    }
    bool fits(std::size_t more, Mark mark) {
        if (more <= place_.rows_max && values_.size() + more <= place_.rows_max) return true;
        problems_.add(mark, fmt::format("more than {} tasks; give each task more to do", place_.rows_max));
        return false;
    }
    /// One task whose value is the pattern itself is hardly ever what was meant.
    bool reject_lone_pattern(const Template& text) {
        problems_.add(text.mark, fmt::format("'{0}' would be one value, not the files that match; write {1}: {{files: "
                                             "\"{0}\"}}, or for the text itself a row: [{{{1}: \"{0}\"}}]",
                                             text.source, axis_.variable));
        return false;
    }
    bool reject_patterns(const Template& text) {
        problems_.add(
            text.mark,
            fmt::format("'{}' is a pattern of files that are known only once the step has run; scatter over what is "
                        "known before",
                        text.source));
        return false;
    }

    const Axis& axis_;
    const Scope& scope_;
    const ScatterPlace& place_;
    Problems& problems_;
    std::vector<Value> values_;
};

std::optional<std::vector<Values>> matrix(const Scatter& scatter, const std::vector<std::vector<Value>>& axes,
                                          std::size_t rows_max, Problems& problems) {
    std::size_t count = 1;
    for (const auto& axis : axes) {
        // Each factor is at most rows_max (2^21 by default), so the product cannot overflow before the check.
        count *= axis.size();
        if (count > rows_max) {
            problems.add(scatter.mark,
                         fmt::format("more than {} tasks in the matrix; scatter over fewer values", rows_max));
            return std::nullopt;
        }
    }
    std::vector<Values> rows(count);
    std::size_t period = count;
    for (std::size_t variable = 0; variable < axes.size(); ++variable) {
        period /= axes[variable].size();
        for (std::size_t row = 0; row < count; ++row)
            rows[row].push_back(
                {scatter.axes[variable].variable, axes[variable][row / period % axes[variable].size()]});
    }
    return rows;
}

std::optional<std::vector<Values>> explicit_rows(const Scatter& scatter, const Scope& scope, Problems& problems) {
    std::vector<Values> rows;
    bool sound = true;
    for (const auto& described : scatter.rows) {
        Values row;
        for (const auto& [variable, text] : described) {
            std::optional<Value> value = render_words(text, scope, problems);
            sound &= value.has_value();
            if (value && (value->words.size() != 1 || value->has_patterns)) {
                problems.add(
                    text.mark,
                    fmt::format(
                        "'{}' is a list, but a row has one value for each variable; scatter over the list by name: "
                        "{{{}: \"{}\"}}",
                        text.source, variable, text.source));
                sound = false;
            }
            if (sound) row.push_back({variable, {.words = std::move(value->words), .is_path = value->is_path}});
        }
        rows.push_back(std::move(row));
    }
    if (!sound) return std::nullopt;
    return rows;
}

}  // namespace

std::optional<std::vector<Values>> scatter_rows(const Scatter& scatter, const Scope& scope, const ScatterPlace& place,
                                                Problems& problems) {
    if (!scatter.there()) return std::vector<Values>(1);
    if (!scatter.rows.empty()) return explicit_rows(scatter, scope, problems);
    std::vector<std::vector<Value>> axes;
    bool sound = true;
    for (const Axis& axis : scatter.axes) {
        std::optional<std::vector<Value>> values = AxisReader(axis, scope, place, problems).read();
        sound &= values.has_value();
        if (values && values->empty()) {
            sound = false;
            // An empty list of the workflow's inputs has been told about where it stands.
            if (problems.none())
                problems.add(axis.mark, fmt::format("'{}' has no values, so the step would have no tasks; give it some",
                                                    axis.variable));
        }
        if (sound) axes.push_back(std::move(*values));
    }
    if (!sound) return std::nullopt;
    return matrix(scatter, axes, place.rows_max, problems);
}

}  // namespace plimsoll::workflow
