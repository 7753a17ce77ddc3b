// SPDX-License-Identifier: Apache-2.0
// The hook's script, run as a runtime runs it, on a tree of groups that are files.
#include <doctest/doctest.h>
#include <stdlib.h>

#include "plimsoll/base/file.h"
#include "plimsoll/base/text.h"
#include "plimsoll/engine/container_call.h"
#include "tests/literal_tree.h"

using namespace plimsoll;
using namespace plimsoll::engine;

namespace {

/// The script in the hook's JSON, which quotes nothing but quotes, backslashes and ends of lines.
std::string script_in(const std::string& hook) {
    constexpr std::string_view before = R"("args": ["sh", "-c", ")";
    std::string script;
    for (std::size_t at = hook.find(before) + before.size(); hook[at] != '"'; ++at) {
        if (hook[at] != '\\') {
            script += hook[at];
        } else if (hook[++at] == 'u') {
            script += static_cast<char>(std::stoi(hook.substr(at + 1, 4), nullptr, 16));
            at += 4;
        } else {
            script += hook[at];
        }
    }
    return script;
}

int run(const LiteralTree& tree, const std::vector<std::string>& hierarchies, const std::string& state) {
    tree.write("/script", script_in(group_hook(hierarchies)));
    tree.write("/state", state);
    return ::system(("sh " + shell_quote(tree.root + "/script") + " <" + shell_quote(tree.root + "/state")).c_str());
}

std::string content(const LiteralTree& tree, const std::string& path) {
    return read_file(tree.root + path).value_or("absent");
}

}  // namespace

TEST_CASE("the hook moves the container's process to its group, in the hierarchies where that stands") {
    const LiteralTree tree({{"/a b/plimsoll/r@1/1.1/cgroup.procs", ""},
                            {"/v2/plimsoll/r@1/1.1/cgroup.procs", ""},
                            {"/cpu/plimsoll/r@1/2.1/cgroup.procs", ""}});
    const std::vector<std::string> hierarchies{tree.root + "/a b", tree.root + "/v2", tree.root + "/cpu"};
    // As runc writes it; crun sets blanks between.
    CHECK(run(tree, hierarchies,
              R"({"ociVersion":"1.0.2","id":"ab","status":"creating","pid":4711,"bundle":"/b",)"
              R"("annotations":{"a":"\"pid\":1","plimsoll.group":"plimsoll/r@1/1.1"}})") == 0);
    CHECK(content(tree, "/a b/plimsoll/r@1/1.1/cgroup.procs") == "4711\n");
    CHECK(content(tree, "/v2/plimsoll/r@1/1.1/cgroup.procs") == "4711\n");
    CHECK(content(tree, "/cpu/plimsoll/r@1/2.1/cgroup.procs").empty());
    CHECK(content(tree, "/cpu/plimsoll/r@1/1.1/cgroup.procs") == "absent");

    CHECK(run(tree, hierarchies,
              "{\n \"pid\": 12,\n \"annotations\": {\n  \"plimsoll.group\": \"plimsoll/r@1/2.1\"\n }\n}") == 0);
    CHECK(content(tree, "/cpu/plimsoll/r@1/2.1/cgroup.procs") == "12\n");
}

TEST_CASE("a hook that is told nothing fails, and with it the start of the container") {
    const LiteralTree tree({});
    CHECK(run(tree, {tree.root}, "{}") != 0);
    CHECK(run(tree, {tree.root}, R"({"pid": 3, "annotations": {}})") != 0);
    CHECK(run(tree, {tree.root}, R"({"pid": 3, "annotations": {"plimsoll.group": "plimsoll/gone/1.1"}})") != 0);
}
