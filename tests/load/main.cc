// SPDX-License-Identifier: Apache-2.0
// plimsoll-load: needs what its curves say, and says what it needed. See README.md.
#include <fmt/format.h>
#include <sys/prctl.h>

#include <cstdio>
#include <thread>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "follow.h"

namespace plimsoll::load {

namespace {

struct Words {
    std::string by = "touch", memory, cpu, disk_read, disk_write, input, output, folder = ".";
};

/// Anonymous and shared memory of this process: what it needs before it holds anything.
Result<Bytes> base_need() {
    const std::string status = PLIM_TRY(read_file("/proc/self/status"));
    std::int64_t kib = 0;
    for (const std::string_view key : {"RssAnon:", "RssShmem:"})
        if (const std::size_t at = status.find(key); at != std::string::npos)
            kib += std::strtoll(status.c_str() + at + key.size(), nullptr, 10);
    return Bytes{kib * 1024};
}

Result<Curves> read_curves(const Words& words) {
    const auto read = [](const std::string& text, auto parse, std::string_view flag) -> Result<Curve> {
        if (text.empty()) return Curve{};
        Result<Curve> curve = parse(text);
        if (!curve) return curve.error().within(flag);
        return curve;
    };
    return Curves{.memory = PLIM_TRY(read(words.memory, parse_memory_curve, "--memory")),
                  .cores = PLIM_TRY(read(words.cpu, parse_core_curve, "--cpu")),
                  .disk_read = PLIM_TRY(read(words.disk_read, parse_memory_curve, "--disk-read")),
                  .disk_write = PLIM_TRY(read(words.disk_write, parse_memory_curve, "--disk-write"))};
}

Result<std::string> run(const Words& words) {
    const Curves curves = PLIM_TRY(read_curves(words));
    std::optional<DiskReader> reader;
    std::optional<DiskWriter> writer;
    if (!words.input.empty()) {
        reader = PLIM_TRY(DiskReader::make(words.input));
        PLIM_TRY(reader->read_all());
    }
    if (!words.disk_write.empty()) writer = PLIM_TRY(DiskWriter::make(words.folder));
    const auto memory = PLIM_TRY(make_memory(words.by, words.folder));
    Burner burner(most_of(curves.cores));
    const Bytes base = PLIM_TRY(base_need());
    const Followed seen = PLIM_TRY(follow(curves, {*memory, burner, reader, writer}, MachineClock(),
                                          [](Duration span) { std::this_thread::sleep_for(span); }));
    return nlohmann::ordered_json{{"by", words.by},
                                  {"peak_bytes", (seen.held_most + base).count},
                                  {"held_peak_bytes", seen.held_most.count},
                                  {"own_s", seconds(seen.own)},
                                  {"wall_s", seconds(seen.wall)}}
               .dump() +
           "\n";
}

/// Prints the report and leaves it in the output file, whole or not at all.
Result<void> report(const Words& words, const std::string& text) {
    if (!words.output.empty()) PLIM_TRY(replace_file(words.output, text, 0644));
    if (std::fputs(text.c_str(), stdout) < 0 || std::fflush(stdout) != 0)
        return system_error("cannot print the report");
    return {};
}

Result<void> run_and_report(const Words& words) { return report(words, PLIM_TRY(run(words))); }

std::string describe_ways() {
    std::string text = "How memory is got:";
    for (const WayOfAllocating& way : ways_of_allocating()) text += fmt::format("\n{}: {}", way.name, way.description);
    return text;
}

void declare(CLI::App& app, Words& words) {
    std::vector<std::string> names;
    for (const WayOfAllocating& way : ways_of_allocating()) names.emplace_back(way.name);
    app.add_option("--by", words.by, describe_ways())->check(CLI::IsMember(names))->capture_default_str();
    app.add_option("--memory", words.memory, "Bytes over time: \"0s:10MiB 2s:200MiB 2s:50MiB 4s:50MiB\"");
    app.add_option("--cpu", words.cpu, "Cores over time: \"0s:1 3s:0.2\"");
    app.add_option("--disk-read", words.disk_read, "Bytes/s over time, from --input, past the page cache")
        ->needs(app.add_option("--input", words.input, "This file is read first"));
    app.add_option("--disk-write", words.disk_write, "Bytes/s over time, synced");
    app.add_option("--folder", words.folder, "Where files on disk go")->capture_default_str();
    app.add_option("--output", words.output, "Where the report goes, beside standard output");
}

}  // namespace

}  // namespace plimsoll::load

int main(int count, char** arguments) {
    CLI::App app("Needs what its curves say, and says what it needed.");
    plimsoll::load::Words words;
    plimsoll::load::declare(app, words);
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& error) { return app.exit(error) == 0 ? 0 : 2; }
    ::prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);  // a huge page would be more than was asked for
    const auto done = plimsoll::load::run_and_report(words);
    if (done) return 0;
    fmt::print(stderr, "plimsoll-load: {}\n", done.error().message);
    return done.error().kind == plimsoll::ErrorKind::invalid ? 2 : 1;
}
