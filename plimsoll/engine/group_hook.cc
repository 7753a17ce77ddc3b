// SPDX-License-Identifier: Apache-2.0
// The hook that puts a container's process into its task's group.
//
// A runtime either leaves a container in the group of its maker, where podman's own memory would count as the task's,
// or makes a group of its own for it, which it removes before its count of out-of-memory kills can be read. So the
// maker stands in one group, and the runtime runs this before the program begins, with the container's state as JSON
// on standard input. It moves all threads (cgroup.procs): which of them becomes the program is not known.
#include <fmt/format.h>

#include "plimsoll/base/text.h"
#include "plimsoll/engine/container_call.h"

namespace plimsoll::engine {
namespace {

// It fails, and with it the container's start, where the group is nowhere: it has been removed meanwhile.
constexpr std::string_view script = R"(state=$(cat)
case $state in *\"pid\":*\"plimsoll.group\":*) ;; *) exit 1 ;; esac
pid=${state#*\"pid\":}; pid=${pid# }; pid=${pid%%[!0-9]*}
group=${state#*\"plimsoll.group\":}; group=${group# }; group=${group#\"}; group=${group%%\"*}
joined=
for hierarchy in HIERARCHIES; do
    [ -e "$hierarchy/$group" ] || continue
    echo "$pid" >"$hierarchy/$group/cgroup.procs" || exit 1
    joined=yes
done
[ "$joined" ]
)";

std::string json_text(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20) quoted += fmt::format("\\u{:04x}", static_cast<int>(c));
        else if (c == '"' || c == '\\') quoted.append({'\\', c});
        else quoted += c;
    }
    return quoted += '"';
}

}  // namespace

std::string group_hook(const std::vector<std::string>& hierarchies) {
    constexpr std::string_view place = "HIERARCHIES";
    std::string words;
    for (const std::string& hierarchy : hierarchies)
        words.append(words.empty() ? "" : " ").append(shell_quote(hierarchy));
    std::string text(script);
    text.replace(text.find(place), place.size(), words);
    return fmt::format(R"({{"version": "1.0.0", "hook": {{"path": "/bin/sh", "args": ["sh", "-c", {}]}}, )"
                       R"("when": {{"always": true}}, "stages": ["createRuntime"]}})",
                       json_text(text));
}

}  // namespace plimsoll::engine
