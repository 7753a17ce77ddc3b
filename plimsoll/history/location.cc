// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/history/location.h"

#include <fmt/format.h>

#include "plimsoll/base/hash.h"

namespace plimsoll::history {
namespace {

constexpr std::size_t longest_stem = 200;  // of the 255 bytes a file name may have

bool is_plain(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || byte >= 0x80 ||
           std::string_view("._+=@,:-[]").find(c) != std::string_view::npos;
}

}  // namespace

Result<std::string> default_database(const DataHome& data_home) {
    if (data_home.xdg_data_home.starts_with('/')) return data_home.xdg_data_home + "/plimsoll/history.db";
    if (data_home.home.starts_with('/')) return data_home.home + "/.local/share/plimsoll/history.db";
    return unavailable(
        "no place for the history: neither XDG_DATA_HOME nor HOME is an absolute path; name a file with --history");
}

std::string runs_folder(std::string_view database) {
    const std::size_t slash = database.rfind('/');
    const std::string beside(slash == std::string_view::npos ? std::string_view() : database.substr(0, slash + 1));
    return beside + "runs";
}

RunPaths run_paths(std::string_view database, const RunId& run) {
    const std::string folder = runs_folder(database) + "/" + run;
    return {.folder = folder,
            .logs = folder + "/logs",
            .events = folder + "/events.jsonl",
            .output = folder + "/output.txt",
            .started = folder + "/started"};
}

std::string log_file_name(std::string_view task_name, int attempt) {
    std::string stem;
    for (const char c : task_name)
        stem += is_plain(c) ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    // '~' is not plain, so that a cut name is never another one's.
    if (stem.size() > longest_stem)
        stem = stem.substr(0, longest_stem - 17) + "~" + hash_of(task_name).hex().substr(0, 16);
    return fmt::format("{}.{}.log", stem, attempt);
}

}  // namespace plimsoll::history
