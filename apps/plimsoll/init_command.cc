// SPDX-License-Identifier: Apache-2.0
// plimsoll init [FILE]: a commented workflow to start from. It runs as it is, on any machine.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "apps/plimsoll/command_frame.h"
#include "plimsoll/base/file.h"

namespace plimsoll::cli {
namespace {

constexpr std::string_view starter =
    R"(# A workflow: steps that run commands, tied together by the files they read and write.
#   plimsoll check @       finds every mistake
#   plimsoll run @         runs it; again: only what changed
#   plimsoll predict @     what each task will get next time
# Every key: docs/reference/workflow.md in Plimsoll's own folder

# Values that can be changed on the command line: plimsoll run @ --set rows=1000
params:
  rows: 100000

# What every step asks for unless it says otherwise. A guess is good enough: from the second run on, each step
# gets what its past runs needed. Without a request the first run gets a cautious share of the machine.
defaults:
  request: {cpu: 1, memory: 256MiB}

steps:
  # Makes a file. {output} is the step's output, {rows} the value above.
  numbers:
    outputs: results/numbers.txt
    command: seq 1 {rows} > {output}

  # A task for each value: three here, which run side by side where the machine has room.
  # Files work alike: scatter: {sample: {files: "data/*.csv"}}, then {sample.stem} is the name without its ending.
  part:
    scatter: {digit: [1, 2, 3]}
    inputs: results/numbers.txt
    outputs: results/part-{digit}.txt
    command: grep ^{digit} {input} | sort -n > {output}

  # Reads what all tasks of `part` wrote, and so waits for them.
  total:
    inputs: "{steps.part.outputs}"
    outputs: results/total.txt
    command: wc -l {input} > {output}
    # More that a step can say:
    # request: {cpu: 4, memory: 8GiB, time: 1h}
    # retry: 2                   # after plain failures; out of memory is retried by itself, with more
    # timeout: 2h
    # env: {LC_ALL: C}
)";

std::string starter_for(const std::string& file) {
    std::string text;
    for (const char c : starter) text += c == '@' ? file : std::string(1, c);
    return text;
}

Result<void> write_new(const std::string& file, const std::string& text) {
    Fd made(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!made && errno == EEXIST)
        return invalid(
            fmt::format("{} is there already and stays as it is; name another: plimsoll init other.yaml", file));
    if (!made) return system_error("write " + file);
    if (::write(made.fd(), text.data(), text.size()) == static_cast<ssize_t>(text.size())) return {};
    const int why = errno;
    ::unlink(file.c_str());
    return system_error("write " + file, why);
}

Result<void> init(const std::string& file) {
    const std::size_t slash = file.rfind('/');
    if (slash != std::string::npos && slash > 0) PLIM_TRY(make_folders(file.substr(0, slash), 0777));
    PLIM_TRY(write_new(file, starter_for(file)));
    print(fmt::format("wrote {0}; it runs as it is:\n  plimsoll run {0}\n", file));
    return {};
}

}  // namespace

int init_command(const std::string& file) {
    const auto made = init(file);
    return made ? Exit::done : fail(made.error());
}

}  // namespace plimsoll::cli
