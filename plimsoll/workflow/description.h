// SPDX-License-Identifier: Apache-2.0
// Description: a workflow file as read, each part in its place, before files and lists are looked up.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "plimsoll/model/split.h"
#include "plimsoll/model/task.h"
#include "plimsoll/workflow/template.h"
#include "plimsoll/workflow/value.h"

namespace plimsoll::workflow {

struct Item {
    Template path;
    bool temporary = false;
};

/// Paths under one name of `inputs` or `outputs`; name "" where there is but one group, without a name.
struct Group {
    std::string name;
    Mark mark;
    std::vector<Item> items;
    bool is_list = false;
};

struct FilesOnDisk {
    Template pattern;
};
struct Range {
    std::int64_t first = 0, last = 0, step = 1;
    int width = 0;  ///< digits, where the file wrote leading zeros
};

/// A scatter variable and what it runs over: texts (each may be a list), files, numbers.
struct Axis {
    std::string variable;
    Mark mark;
    std::variant<std::vector<Template>, FilesOnDisk, Range> values;
};

struct Scatter {
    Mark mark;
    std::vector<Axis> axes;                                           ///< the matrix of all; or
    std::vector<std::vector<std::pair<std::string, Template>>> rows;  ///< explicit rows
    bool there() const { return mark.line != 0; }
};

/// What stands under `split`.
struct SplitDescription {
    Mark mark;
    SplitRule rule;
    std::string input;  ///< name of the input that is cut; "": the only one there is
    Mark input_mark;
    std::optional<Template> join;  ///< a command; without one outputs are put one behind the other
};

/// Where the amounts of a request stand, for those that are there.
struct RequestMarks {
    Mark cpu, memory, disk, gpu;
};

struct StepDescription {
    Step step;  ///< everything that all its tasks share; `kind` is not yet known
    RequestMarks request_marks;
    bool has_shell = false;  ///< does the file choose one?
    Mark container_mark;     ///< of the image's name, where there is one
    Mark mark;               ///< of its name
    std::vector<Group> inputs;
    std::vector<Group> outputs;
    Template command;
    Scatter scatter;
    std::optional<SplitDescription> split = {};
    std::vector<std::pair<std::string, Mark>> needs;
    bool sound = true;  ///< false: a problem in it is told; no tasks are made of it
};

struct Description {
    std::string name;
    std::vector<StepDescription> steps;
    std::map<std::string, Mark> input_places;  ///< path -> where the workflow's `inputs` name it
};

}  // namespace plimsoll::workflow
