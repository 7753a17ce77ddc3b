// SPDX-License-Identifier: Apache-2.0
// The environment a task gets: ours without secrets, with additions that replace what has the same name.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plimsoll::engine {

using Variable = std::pair<std::string, std::string>;

class Environment {
public:
    /// Takes a copy of `inherited` ("NAME=value", null at the end); what is called as one of `secrets` is kept apart.
    explicit Environment(char** inherited, std::span<const std::string> secrets = {});

    /// An environment block for exec; it points into this object and owns what was added.
    struct Block {
        std::vector<std::string> added;
        std::vector<const char*> entries;  ///< null at the end
    };
    /// Of two additions of one name the later one counts.
    Block with(std::span<const Variable> first, std::span<const Variable> second) const;
    /// The value that `with` would give this name; "" when it is not set.
    std::string_view value(std::string_view name, std::span<const Variable> additions) const;
    /// Those of these variables that were kept apart and are set.
    std::vector<Variable> secrets(std::span<const std::string> names) const;

private:
    std::vector<std::string> inherited_;
    std::vector<Variable> secrets_;
};

}  // namespace plimsoll::engine
