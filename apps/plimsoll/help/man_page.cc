// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/help/man_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "plimsoll/base/file.h"
#include "plimsoll/base/text.h"

namespace plimsoll::cli {
namespace {

/// As roff reads it: a hyphen that is typed, and nothing that begins a request.
std::string escaped(std::string_view text) {
    std::string plain = text.starts_with('.') || text.starts_with('\'') ? "\\&" : "";
    for (const char c : text) {
        if (c == '\\') plain += "\\e";
        else if (c == '-') plain += "\\-";
        else if (c == '`') plain += "\\(ga";
        else if (c == '\'') plain += "\\(aq";
        else if (c == '^') plain += "\\(ha";
        else if (c == '~') plain += "\\(ti";
        else plain += c;
    }
    return plain;
}

/// Within the double quotes of a request.
std::string quoted(std::string_view text) {
    std::string plain = "\"";
    for (const char c : escaped(text)) plain += c == '"' ? std::string("\\(dq") : std::string(1, c);
    return plain + "\"";
}

std::string page_name(const CommandHelp& command) {
    std::string name = command.name;
    std::ranges::replace(name, ' ', '-');
    return name;
}

/// "\fB\-k\fR, \fB\-\-set\fR \fINAME=VALUE\fR"
std::string spelt(const OptionHelp& option) {
    std::string text;
    for (const std::string& name : option.names) text += (text.empty() ? "" : ", ") + ("\\fB" + escaped(name) + "\\fR");
    const std::string value = value_of(option);
    if (value.empty()) return text;
    return text + (text.empty() ? "" : " ") + "\\fI" + escaped(value) + "\\fR";
}

std::string entries(const std::vector<OptionHelp>& options) {
    std::string text;
    for (const OptionHelp& option : options) text += fmt::format(".TP\n{}\n{}\n", spelt(option), escaped(option.text));
    return text;
}

std::string section(std::string_view title, const std::string& text) {
    return text.empty() ? "" : fmt::format(".SH {}\n{}", quoted(title), text);
}

std::string examples(const CommandHelp& command) {
    std::string text;
    for (const Example& example : command.examples)
        text += fmt::format(".TP\n\\fB{}\\fR\n{}\n", escaped(example.line), escaped(example.says));
    return text;
}

std::string commands(const CommandHelp& command) {
    std::string text;
    for (const CommandHelp& each : command.commands)
        text += fmt::format(".TP\n\\fB{}\\fR(1)\n{}\n", escaped(page_name(each)), escaped(each.text));
    return text;
}

constexpr std::string_view exit_codes = R"(.TP
0
done
.TP
1
a task failed
.TP
2
wrong usage, or a mistake in the file
.TP
3
the machine cannot do it
.TP
130
stopped before it was done
)";

/// Of a description without a full stop.
std::string lowered(std::string text) {
    if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1])))
        text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    while (text.ends_with('.')) text.pop_back();
    return text;
}

Result<void> write_pages(const CommandHelp& command, const std::string& version, const std::string& folder) {
    PLIM_TRY(replace_file(folder + "/" + page_name(command) + ".1", man_page(command, version), 0644));
    for (const CommandHelp& each : command.commands) PLIM_TRY(write_pages(each, version, folder));
    return {};
}

}  // namespace

std::string man_page(const CommandHelp& command, const std::string& version) {
    std::string title = page_name(command);
    std::ranges::transform(title, title.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    std::string text = fmt::format(".TH {} 1 \"\" {} {}\n", quoted(title), quoted("Plimsoll " + version),
                                   quoted("Plimsoll's commands"));
    text += section("NAME", fmt::format("{} \\- {}\n", escaped(page_name(command)), escaped(lowered(command.text))));
    const std::string usage = usage_of(command);
    text += section("SYNOPSIS",
                    fmt::format("\\fB{}\\fR{}\n", escaped(command.name), escaped(usage.substr(command.name.size()))));
    text += section("DESCRIPTION", escaped(command.text) + "\n");
    text += section("ARGUMENTS", entries(command.arguments)) + section("COMMANDS", commands(command)) +
            section("OPTIONS", entries(command.options)) + section("EXAMPLES", examples(command));
    if (command.name != "plimsoll exec") text += section("EXIT STATUS", std::string(exit_codes));
    else
        text += section("EXIT STATUS",
                        "That of the command, 128 + n where signal n ended it, 127 where there is no such program, 126 "
                        "where it cannot be run; 2 where the arguments of plimsoll itself are wrong, 3 where the "
                        "machine cannot do it.\n");
    const std::size_t blank = command.name.rfind(' ');
    if (blank != std::string::npos) {
        CommandHelp outer{.name = command.name.substr(0, blank)};
        text += section("SEE ALSO", fmt::format("\\fB{}\\fR(1)\n", escaped(page_name(outer))));
    }
    return text;
}

Result<void> write_man_pages(const CommandHelp& program, const std::string& version, const std::string& folder) {
    PLIM_TRY(make_folders(folder, 0755));
    return write_pages(program, version, folder);
}

}  // namespace plimsoll::cli
