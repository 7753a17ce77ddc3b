// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/template.h"

#include <doctest/doctest.h>

#include "plimsoll/workflow/render.h"

using namespace plimsoll;
using namespace plimsoll::workflow;

namespace {

/// "text|<name>|text": the pieces, placeholders in angle brackets.
std::string pieces(std::string text) {
    std::string drawn;
    for (const Piece& piece : parse_template(std::move(text), {}).pieces) {
        if (!drawn.empty()) drawn += '|';
        if (const auto* placeholder = std::get_if<Placeholder>(&piece)) drawn += "<" + placeholder->written + ">";
        else drawn += std::get<std::string>(piece);
    }
    return drawn;
}

const Globals globals = {{"depth", {.words = {"30"}}},
                         {"sample", {.words = {"it's 1"}}},
                         {"reads", {.words = {"data/s1.fq.gz", "data/s 2.fq"}, .is_list = true, .is_path = true}},
                         {"refs", {.words = {"r1", "r2"}, .is_list = true}},
                         {"one", {.words = {"x"}, .is_list = true}}};

Scope scope() {
    Scope made{.globals = &globals};
    made.has_allotment = true;
    return made;
}

std::string command(std::string text) {
    Problems problems("f", "");
    const auto rendered = render_command(parse_template(std::move(text), {1, 1}), scope(), problems);
    return rendered ? command_line(*rendered, {1.5}, 2_GiB) : problems.take_problems().front().message;
}

std::vector<std::string> words(std::string text) {
    Problems problems("f", "");
    const auto value = render_words(parse_template(std::move(text), {1, 1}), scope(), problems);
    return value ? value->words : std::vector<std::string>{problems.take_problems().front().message};
}

}  // namespace

TEST_CASE("only a name in braces is a placeholder") {
    CHECK(pieces("a {x} {x.stem:raw}{steps.my-step.outputs}") == "a |<{x}>| |<{x.stem:raw}>|<{steps.my-step.outputs}>");
    CHECK(pieces("${HOME} ${x} {print $1} {a,b} {1..3} {} { x } {x-y} {x.} {.x}") ==
          "${HOME} ${x} {print $1} {a,b} {1..3} {} { x } {x-y} {x.} {.x}");
    CHECK(pieces("{") == "{");
    CHECK(pieces("") == "");
}

TEST_CASE("doubled braces give single ones, and nested closing braces stay") {
    CHECK(pieces("awk '{{print}}'") == "awk '{print}'");
    CHECK(pieces("{{x}} {x}") == "{x} |<{x}>");
    CHECK(pieces("awk '{if (a) {print $1}}' ${a:-${b}}") == "awk '{if (a) {print $1}}' ${a:-${b}}");
    CHECK(pieces("{{{x}}}") == "{|<{x}>|}");
}

TEST_CASE("commands are filled in quoted, with the allotment as it comes") {
    CHECK(command("run -d {depth} {sample} {reads} {cpu} {memory} {memory.mib} {memory.gib}") ==
          "run -d 30 'it'\\''s 1' data/s1.fq.gz 'data/s 2.fq' 2 2147483648 2048 2");
    CHECK(command("run {sample:raw} {reads.name} {reads.stem} {reads.dir} {reads.ext}") ==
          "run it's 1 s1.fq.gz 's 2.fq' s1 's 2' data data fq.gz fq");
    CHECK(command("run {cpu}\n\n") == "run 2");
}

TEST_CASE("within quotes a value goes in as it is or not at all") {
    CHECK(command("echo \"depth {depth}\" '{depth}'") == "echo \"depth 30\" '30'");
    CHECK(command("echo '{sample}'").ends_with("take the quotes around it away, or write ':raw' if they protect it"));
    CHECK(command("echo \"$(cat {sample})\"") == "echo \"$(cat 'it'\\''s 1')\"");
    CHECK(command("# don't\necho {sample}") == "# don't\necho 'it'\\''s 1'");
    CHECK(command("cat <<'EOF'\n{sample}\nEOF\n").ends_with("write ':raw' to have it as it is"));
    CHECK(command("cat <<EOF\nit's\nEOF\necho {sample}") == "cat <<EOF\nit's\nEOF\necho 'it'\\''s 1'");
    CHECK(command("echo \\' {sample}") == "echo \\' 'it'\\''s 1'");
}

TEST_CASE("a list in a path gives one path for each item, lists go side by side") {
    using Words = std::vector<std::string>;
    CHECK(words("out/{reads.stem}.bam") == Words{"out/s1.bam", "out/s 2.bam"});
    CHECK(words("{reads.stem}.{refs}.{depth}") == Words{"s1.r1.30", "s 2.r2.30"});
    CHECK(words("{one}") == Words{"x"});
    CHECK(words("{reads}{one}").front().starts_with("'{one}' has 1 items, but another list of this text has 2"));
}
