// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/report/page.h"

#include <doctest/doctest.h>

#include "plimsoll/report/page_files.h"
#include "plimsoll/report/summary_json.h"

using namespace plimsoll;
using namespace plimsoll::report;

namespace {

RunReport small_report(const std::string& workflow) {
    Recorded recorded;
    recorded.run.id = "r1";
    recorded.run.workflow = workflow;
    recorded.run.state = RunState::finished;
    recorded.run.ended = recorded.run.started;
    return make_report(std::move(recorded), [](const AttemptRecord&) { return std::string(); });
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string_view data_of(std::string_view page) {
    const std::string_view opening = "id=\"data\">";
    const std::size_t begin = page.find(opening) + opening.size();
    return page.substr(begin, page.find("</script>", begin) - begin);
}

}  // namespace

TEST_CASE("a page holds its style, its scripts and its data, and names nothing outside of itself") {
    const std::string html = page(small_report("w"), {}, "1.2.3");
    CHECK(contains(html, "default-src 'none'"));
    CHECK(contains(html, page_file("report.css")));
    for (const PageFile& file : page_files())
        if (file.name.ends_with(".js")) CHECK(contains(html, file.text));
    CHECK(contains(data_of(html), "\"version\":\"1.2.3\""));
    CHECK_FALSE(contains(html, "{{"));
    CHECK_FALSE(contains(html, "src=\""));
    CHECK_FALSE(contains(html, "https:"));
}

TEST_CASE("the data are what show --json prints") {
    const RunReport report = small_report("w");
    CHECK(contains(page(report, {}, "1"), summary_json(report.run, report.summary, report.profiles)));
}

TEST_CASE("no name can leave the place where it stands") {
    const std::string html = page(small_report("</script><script>alert('x')//{{data}}\"&"), {}, "1");
    CHECK_FALSE(contains(html, "<script>alert"));
    CHECK(contains(html, "<title>&lt;/script&gt;&lt;script&gt;alert"));
    CHECK(contains(data_of(html), "\\u003c/script>\\u003cscript>alert"));
}

// 500 bytes a task are what ten thousand may take of 5 MB: names, times, amounts, and what was changed.
TEST_CASE("ten thousand tasks make a page of less than 5 MB") {
    Recorded recorded;
    recorded.run.id = "r1";
    recorded.run.ended = recorded.run.started + std::chrono::hours(1);
    for (TaskId id = 0; id < 10000; ++id) {
        TaskRecord task;
        task.id = id;
        task.name = "align[sample_" + std::to_string(id) + ",reference]";
        task.kind.step = "step" + std::to_string(id % 20);
        AttemptRecord attempt;
        attempt.id.task = id;
        attempt.task_name = task.name;
        attempt.kind = task.kind;
        attempt.reserved = {.cpu = 1_cores, .memory = Bytes{123'456'789 + id}};
        attempt.started = recorded.run.started + std::chrono::milliseconds(317) * id;
        attempt.ended = attempt.started + std::chrono::seconds(3);
        attempt.outcome = Outcome{};
        attempt.wait = WaitRecord{.time = std::chrono::seconds(1), .after = id, .lack = "memory"};
        attempt.profile.runtime = std::chrono::seconds(3);
        attempt.profile.memory_peak = Bytes{98'765'432 + id};
        for (int part = 1; part <= 128; ++part)
            attempt.profile.segments.push_back({.until = attempt.profile.runtime * part / 128,
                                                .memory = Bytes{1'000'003LL * part},
                                                .cpu = {part * 0.007}});
        recorded.tasks.push_back(std::move(task));
        recorded.attempts.push_back(std::move(attempt));
    }
    const auto nothing = [](const AttemptRecord&) { return std::string(); };
    CHECK(page(make_report(std::move(recorded), nothing), {}, "1").size() < 5'000'000);
}

TEST_CASE("of two runs both are there, the one asked for first") {
    const std::string html = page(small_report("after"), small_report("before"), "1");
    const std::string_view data = data_of(html);
    CHECK(data.find("\"workflow\": \"after\"") < data.find("\"workflow\": \"before\""));
}
