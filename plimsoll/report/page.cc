// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/report/page.h"

#include <fmt/format.h>

#include <utility>

#include "plimsoll/base/text.h"
#include "plimsoll/report/page_files.h"
#include "plimsoll/report/report_json.h"

namespace plimsoll::report {
namespace {

/// JSON that may stand in a script element: nothing in it can end the element or open a comment.
std::string inert(std::string_view json) {
    std::string text;
    text.reserve(json.size());
    for (const char c : json) {
        if (c == '<') text += "\\u003c";
        else text += c;
    }
    return text;
}

/// The template with each "{{name}}" replaced; what is put in is not looked at again.
std::string filled(std::string_view text, std::initializer_list<std::pair<std::string_view, std::string>> values) {
    std::string page;
    while (true) {
        const std::size_t open = text.find("{{");
        page += text.substr(0, open);
        if (open == std::string_view::npos) return page;
        const std::size_t close = text.find("}}", open);
        const std::string_view name = text.substr(open + 2, close - open - 2);
        for (const auto& [known, value] : values)
            if (known == name) page += value;
        text.remove_prefix(close + 2);
    }
}

std::string scripts() {
    std::string all;
    for (const PageFile& file : page_files())
        if (file.name.ends_with(".js")) all.append(file.text).append("\n");
    return all;
}

}  // namespace

std::string_view page_file(std::string_view name) {
    for (const PageFile& file : page_files())
        if (file.name == name) return file.text;
    return {};
}

std::string page(const RunReport& report, const std::optional<RunReport>& before, std::string_view version) {
    std::string runs = report_json(report);
    if (before) runs += ",\n" + report_json(*before);
    return filled(page_file("report.html"),
                  {{"title", html_escaped(report.run.workflow + " " + report.run.id)},
                   {"run", html_escaped(report.run.id)},
                   {"style", std::string(page_file("report.css"))},
                   {"scripts", scripts()},
                   {"data", inert(fmt::format("{{\"version\":\"{}\",\"runs\":[", version)) + inert(runs) + "]}"}});
}

}  // namespace plimsoll::report
