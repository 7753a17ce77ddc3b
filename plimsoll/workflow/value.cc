// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/value.h"

#include <algorithm>
#include <array>

namespace plimsoll::workflow {
namespace {

constexpr std::array<std::string_view, 4> compressions = {".gz", ".bz2", ".xz", ".zst"};

std::string_view file_name(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view folder(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

/// Where the extension's dot stands, or the name's end. A dot in front makes a hidden file, no extension.
std::size_t extension_at(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return name.size();
    if (std::find(compressions.begin(), compressions.end(), name.substr(dot)) == compressions.end()) return dot;
    const std::size_t before = name.rfind('.', dot - 1);
    return before == std::string_view::npos || before == 0 ? dot : before;
}

}  // namespace

std::optional<Part> parse_part(std::string_view name) {
    if (name == "name") return Part::name;
    if (name == "stem") return Part::stem;
    if (name == "dir") return Part::dir;
    if (name == "ext") return Part::ext;
    return std::nullopt;
}

std::string part_of(std::string_view path, Part part) {
    const std::string_view name = file_name(path);
    const std::size_t dot = extension_at(name);
    switch (part) {
        case Part::whole: return std::string(path);
        case Part::name: return std::string(name);
        case Part::stem: return std::string(name.substr(0, dot));
        case Part::dir: return std::string(folder(path));
        case Part::ext: return dot == name.size() ? "" : std::string(name.substr(dot + 1));
    }
    return std::string(path);
}

std::string clean_path(std::string_view path) {
    std::string clean;
    clean.reserve(path.size());
    if (path.starts_with('/')) clean = "/";
    while (!path.empty()) {
        const std::size_t slash = path.find('/');
        const std::string_view component = path.substr(0, slash);
        path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
        if (component.empty() || component == ".") continue;
        if (clean.empty() && component.front() == '-') clean = "./";
        if (!clean.empty() && clean.back() != '/') clean += '/';
        clean += component;
    }
    return clean;
}

}  // namespace plimsoll::workflow
