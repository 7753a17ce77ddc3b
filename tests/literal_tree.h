// SPDX-License-Identifier: Apache-2.0
// A piece of a file system written as a literal, for code that takes the root of /proc and /sys as an
// argument: the files stand below a root of their own and are removed at the end.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

namespace plimsoll {

struct LiteralTree {
    std::string root;

    explicit LiteralTree(const std::map<std::string, std::string>& files) {
        std::string name = (std::filesystem::temp_directory_path() / "plimsoll-tree-XXXXXX").string();
        root = ::mkdtemp(name.data());
        for (const auto& [path, text] : files) write(path, text);
    }
    LiteralTree(const LiteralTree&) = delete;
    LiteralTree& operator=(const LiteralTree&) = delete;
    ~LiteralTree() { std::filesystem::remove_all(root); }

    /// Replaces the content in place: who has the file open reads the new one.
    void write(const std::string& path, const std::string& text) const {
        std::filesystem::create_directories(std::filesystem::path(root + path).parent_path());
        std::ofstream(root + path) << text;
    }
    void remove(const std::string& path) const { std::filesystem::remove_all(root + path); }
};

}  // namespace plimsoll
