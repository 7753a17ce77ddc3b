// SPDX-License-Identifier: Apache-2.0
// The whole way of a measurement: the engine starts a command, it is sampled while it runs, its group is read
// once more after its end, and the profile tells what it did.
#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>

#include "plimsoll/base/clock.h"
#include "plimsoll/base/random.h"
#include "plimsoll/engine/local_engine.h"
#include "plimsoll/profile/profile_builder.h"
#include "plimsoll/telemetry/local_usage.h"
#include "plimsoll/telemetry/sampling.h"

using namespace plimsoll;
using namespace std::chrono_literals;

namespace {

/// Runs the command to its end as the loop does.
Profile profile_of(const std::string& command, bool use_cgroups) {
    const MachineClock clock;
    const machine::Host host = machine::read_host().value();
    const std::string run = "profile-test-" + random_hex(8);
    auto engine =
        engine::LocalEngine::open({.run = run, .capacity = host.amounts, .use_cgroups = use_cgroups}, clock).value();
    telemetry::LocalUsage usage(engine->cgroups(), host);
    const AttemptId attempt{0, 1};
    const Instant start = clock.now();
    const std::string log = std::filesystem::temp_directory_path() / (run + ".log");
    const Placement placement = engine
                                    ->start({.attempt = attempt,
                                             .task_name = "t",
                                             .command = command,
                                             .shell = "",
                                             .workdir = "/",
                                             .env = {},
                                             .log = log,
                                             .reserved = {}})
                                    .value();
    profile::ProfileBuilder builder(start);
    usage.watch(attempt, placement, start);
    for (Instant next = telemetry::next_sample(start, start);;) {
        for (const engine::Ended& ended : engine->wait(next)) {
            CHECK(ended.outcome == Outcome{});
            if (const auto last = usage.close(attempt, placement, ended.at)) builder.close(*last);
            Profile profile = builder.finish(ended.at, {.cpu = ended.cpu,
                                                        .process_high_water = ended.memory_high_water,
                                                        .read_bytes = ended.read_bytes,
                                                        .write_bytes = ended.write_bytes});
            profile.source = usage.kind();
            std::filesystem::remove(log);
            return profile;
        }
        if (clock.now() < next) continue;
        if (const auto seen = usage.sample(attempt, clock.now())) builder.add(*seen);
        next = telemetry::next_sample(start, clock.now());
    }
}

/// `tail` keeps the last 100 MB of what it reads, while the shell, `head` and `sleep` stay small.
const std::string hold_100_mb = "head -c 100000000 /dev/zero | (tail -c 100000000 > /dev/null; sleep 0.1) && sleep 0.5";

}  // namespace

TEST_CASE("a command's profile tells its peak, its CPU time and its runtime, with cgroups and without") {
    for (const bool use_cgroups : {true, false}) {
        CAPTURE(use_cgroups);
        const Profile profile = profile_of(hold_100_mb, use_cgroups);
        CAPTURE(profile.source);
        CHECK(profile.memory_peak >= Bytes{100'000'000});
        CHECK(profile.memory_peak <= Bytes{140'000'000});
        CHECK(profile.runtime >= 600ms);
        CHECK(profile.samples >= 4);
        CHECK(profile.cpu > 10ms);
        CHECK(profile.cpu < 10s);
        CHECK(profile.memory_byte_seconds <= 140e6 * seconds(profile.runtime));
        CHECK_FALSE(profile.segments.empty());
    }
}

TEST_CASE("a command that ends before its first sample leaves a small peak, not none, where it had a group") {
    const Profile profile = profile_of("/bin/true", true);
    CHECK(profile.samples <= 1);   // an emulated machine takes so long to exec that one may fall in
    CHECK(profile.runtime < 10s);  // however busy the machine is
    if (profile.source == "proc") return;
    CHECK(profile.memory_peak > 0_B);
    CHECK(profile.memory_peak < 20_MiB);
}
