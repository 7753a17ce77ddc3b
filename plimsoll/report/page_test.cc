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

TEST_CASE("of two runs both are there, the one asked for first") {
    const std::string html = page(small_report("after"), small_report("before"), "1");
    const std::string_view data = data_of(html);
    CHECK(data.find("\"workflow\": \"after\"") < data.find("\"workflow\": \"before\""));
}
