// SPDX-License-Identifier: Apache-2.0
// Any text as a command template, with values that are hard on a shell: what is filled in among words is
// always one word to the shell, whatever it holds.
#include <cstdint>
#include <string>

#include "plimsoll/base/check.h"
#include "plimsoll/base/text.h"
#include "plimsoll/workflow/render.h"
#include "plimsoll/workflow/tool_name.h"

namespace {

using namespace plimsoll;
using namespace plimsoll::workflow;

Scope scope_over(const Globals& globals, const Values& inputs) {
    Scope scope{.globals = &globals, .inputs = &inputs, .place = "in the command"};
    scope.has_allotment = true;
    return scope;
}

/// The whole text as one value must come through the shell's own reading of words unchanged.
void check_quoting(const std::string& text) {
    if (text.find('\0') != std::string::npos) return;
    const Globals globals = {{"x", {.words = {text}}}};
    Problems problems("flow.yaml", "");
    const auto command = render_command(parse_template("run {x} end", {1, 1}), scope_over(globals, {}), problems);
    PLIM_CHECK(command.has_value(), "a known name renders");
    const auto words = simple_command(command->text);
    PLIM_CHECK(words && words->size() == 3 && (*words)[1] == text, "a value is one word");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const Globals globals = {{"depth", {.words = {"30"}}},
                             {"reads", {.words = {"a b.fq", "$(x)'.fq"}, .is_list = true, .is_path = true}}};
    const Values inputs = {{"read", {.words = {"reads/s 1.fq.gz"}, .is_list = false, .is_path = true}}};
    Problems problems("flow.yaml", text);
    const Template parsed = parse_template(text, {1, 1});
    const auto command = render_command(parsed, scope_over(globals, inputs), problems);
    PLIM_CHECK(command.has_value() == problems.none(), "a command or the reason why not");
    if (command) static_cast<void>(tool_name(command->text));
    static_cast<void>(render_words(parsed, scope_over(globals, inputs), problems));
    static_cast<void>(tool_name(text));
    check_quoting(text);
    return 0;
}
