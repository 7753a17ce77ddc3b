// SPDX-License-Identifier: Apache-2.0
// Frames: drawings as they are meant to be, in frames_test.txt, each below a line "=== NAME". With PLIMSOLL_REWRITE=1
// in the environment the tests write them anew; look at the difference before you keep it.
#pragma once

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace plimsoll::view {

class Frames {
public:
    Frames() {
        std::ifstream file(path());
        std::string* frame = nullptr;
        for (std::string line; std::getline(file, line);) {
            if (line.starts_with(mark)) frame = &frames_[line.substr(mark.size())];
            else if (frame) frame->append(line).append("\n");
        }
    }
    /// The frame as it is meant to be; or as it is, where frames are written anew.
    std::string meant(const std::string& name, const std::vector<std::string>& lines) {
        if (!std::getenv("PLIMSOLL_REWRITE")) return frames_[name];
        frames_[name] = text_of(lines);
        std::ofstream file(path());
        for (const auto& [each, frame] : frames_) file << mark << each << "\n" << frame;
        return frames_[name];
    }
    static std::string text_of(const std::vector<std::string>& lines) {
        std::string text;
        for (const std::string& line : lines) text += line + "\n";
        return text;
    }

private:
    static std::string path() { return PLIMSOLL_SOURCE_DIR "/plimsoll/view/frames_test.txt"; }
    const std::string mark = "=== ";
    std::map<std::string, std::string> frames_;
};

}  // namespace plimsoll::view
