// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/view/draw_run.h"

#include <doctest/doctest.h>

#include "plimsoll/base/random.h"
#include "plimsoll/view/cells.h"
#include "plimsoll/view/frames_for_test.h"
#include "plimsoll/view/run_view_for_test.h"

using namespace plimsoll;
using namespace plimsoll::view;
using namespace std::chrono_literals;

namespace {

void check_frame(const std::string& name, const RunView& run, const Page& page) {
    CAPTURE(name);
    Frames frames;
    const std::vector<std::string> lines = draw_run(run, page);
    CHECK(Frames::text_of(lines) == frames.meant(name, lines));
}

/// Without colours.
std::string bare(std::string_view line) {
    std::string text;
    while (!line.empty()) {
        if (line.starts_with("\x1b[")) line.remove_prefix(line.find('m') + 1);
        else text += line.front(), line.remove_prefix(1);
    }
    return text;
}

RunView in_trouble() {
    RunView run = run_for_test();
    run.counts.failed = 1;
    run.counts.running = 3;
    run.retried = 2;
    run.grown = 3;
    run.eta = {.least = 130s, .most = {}, .unknown = "no past run tells how long call takes"};
    run.waits = "call[s17] waits: it needs 2.10 GiB of memory, and 1.30 GiB are free; there should be room in 12.0 s";
    run.running[0].grown = 3;
    run.running.push_back(task_for_test("align", 22));
    run.running[2].frozen = 12s;
    run.running[2].attempt = 2;
    run.running[1].used.reset();
    run.running[1].takes.reset();
    return run;
}

RunView in_queues(int many) {
    RunView run = run_for_test();
    run.queues = {{"prod/nightly", 0.625, 0.75, 12}, {"dev", 0.375, 0.25, 1}};
    for (int at = 2; at < many; ++at) run.queues.push_back({"adhoc" + std::to_string(at), 0, 0.01, 0});
    run.waits = "call[s17] waits: queue prod/nightly runs 4 tasks, and may run no more";
    return run;
}

RunView crowded() {
    RunView run = run_for_test();
    run.counts.running = 200;
    run.running.clear();
    for (int at = 0; at < 150; ++at) run.running.push_back(task_for_test("align", at));
    for (int at = 0; at < 50; ++at) run.running.push_back(task_for_test("call", at));
    return run;
}

RunView wide() {
    RunView run = run_for_test();
    run.workflow = "変異解析";
    run.running[0].name = "整列[試料一]";
    run.running[1].name = "align[\x1b[31mred\xff]";
    return run;
}

RunView random_run(Rng& rng) {
    RunView run = rng.uniform() < 0.5 ? in_trouble() : wide();
    const auto number = [&](std::int64_t most) { return rng.between(0, most); };
    run.elapsed = std::chrono::seconds(number(1'000'000));
    run.counts.tasks = static_cast<std::uint32_t>(number(1'000'000));
    run.counts.finished = static_cast<std::uint32_t>(number(run.counts.tasks));
    run.used = {{number(1LL << 44)}, {rng.uniform() * 500}};
    run.reserved = {{number(1LL << 44)}, {rng.uniform() * 500}};
    run.machine = {{number(1LL << 44)}, {rng.uniform() * 500}};
    run.others.memory = {number(1LL << 44)};
    if (rng.uniform() < 0.3) run.running.clear();
    for (auto left = number(40); left > 0; --left)
        run.running.push_back(task_for_test("step" + std::to_string(left % 7), static_cast<int>(left)));
    for (auto left = number(20); left > 0; --left) run.steps.push_back({"another" + std::to_string(left), {}, {}, {}});
    return run;
}

}  // namespace

TEST_CASE("a run is drawn as it is meant to be, at every width") {
    for (const int columns : {39, 60, 79, 120, 200}) {
        const std::string at = " at " + std::to_string(columns);
        check_frame("run" + at, run_for_test(), {.columns = columns, .lines = 22});
        check_frame("run in trouble" + at, in_trouble(), {.columns = columns, .lines = 22});
    }
    check_frame("run in unicode", in_trouble(), {.columns = 79, .lines = 22, .in_unicode = true});
    check_frame("run in colour", in_trouble(), {.columns = 79, .lines = 22, .in_colour = true, .in_unicode = true});
}

TEST_CASE("queues that share the machine are told with what they hold and what is due to them") {
    check_frame("two queues", in_queues(2), {.columns = 79, .lines = 22});
    check_frame("nine queues on a narrow page", in_queues(9), {.columns = 60, .lines = 22});
}

TEST_CASE("200 running tasks take no more lines than there are, and the rest is counted") {
    check_frame("200 tasks", crowded(), {.columns = 79, .lines = 14});
    CHECK(draw_run(crowded(), {.columns = 79, .lines = 14}).size() == 14);
    CHECK(draw_run(crowded(), {.columns = 79, .lines = 500}).size() == 206);
}

TEST_CASE("wide characters, and what is no text, keep the columns where they are") {
    check_frame("wide names", wide(), {.columns = 79, .lines = 22, .in_unicode = true});
}

TEST_CASE("whatever the run and the page, no line is wider than the page and none too many") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        const RunView run = random_run(rng);
        const Page page{.columns = static_cast<int>(rng.between(1, 220)),
                        .lines = static_cast<int>(rng.between(0, 60)),
                        .in_colour = rng.uniform() < 0.5,
                        .in_unicode = rng.uniform() < 0.5};
        const std::vector<std::string> lines = draw_run(run, page);
        CHECK(static_cast<int>(lines.size()) <= page.lines);
        for (const std::string& line : lines) CHECK(columns_of(bare(line)) <= page.columns);
    }
}

TEST_CASE("only colour is missing without colour") {
    const RunView run = in_trouble();
    const std::vector<std::string> plain = draw_run(run, {.columns = 79, .lines = 22}),
                                   coloured = draw_run(run, {.columns = 79, .lines = 22, .in_colour = true});
    REQUIRE(plain.size() == coloured.size());
    for (std::size_t at = 0; at < plain.size(); ++at) {
        CHECK(bare(coloured[at]) == plain[at]);
        CHECK(plain[at].find('\x1b') == std::string::npos);
    }
}
