// SPDX-License-Identifier: Apache-2.0
// The alternatives side by side as one page that needs nothing else: a card for each figure, a bar for each
// alternative, with a line where nine of ten draws lie. Plain HTML in the report's style; no script.
#include <fmt/format.h>

#include <algorithm>

#include "apps/plimsoll/simulate/what_if.h"
#include "plimsoll/base/text.h"
#include "plimsoll/report/page.h"

namespace plimsoll::cli {
namespace {

using simulate::Course;

struct Bar {
    std::string name;
    double low = 0, middle = 0, high = 0;
    bool is_recorded = false;
};

/// Figures that a page compares, each with its unit and what turns it into that.
struct Figure {
    std::string_view title, unit;
    double Course::* figure;
    double factor;
};
constexpr Figure figures[] = {{"Makespan", "s", &Course::makespan_s, 1},
                              {"Memory wasted", "GB x s", &Course::wasted_gbh, 3600},
                              {"Memory reserved", "GB x s", &Course::reserved_gbh, 3600},
                              {"CPU wasted", "core x s", &Course::wasted_ch, 3600},
                              {"Failed attempts", "", &Course::failed_attempts, 1},
                              {"Failed tasks", "", &Course::failed_tasks, 1}};

constexpr std::string_view style = R"(
.rows { display: grid; grid-template-columns: minmax(9rem, 22rem) 1fr minmax(7rem, auto); gap: .35rem .8rem; align-items: center; }
.track { position: relative; height: 1.1rem; background: var(--band); border-radius: 4px; }
.bar { position: absolute; inset: 0 auto 0 0; background: var(--reserved); border-radius: 4px; }
.bar.was { background: var(--used); }
.span { position: absolute; top: 50%; height: 2px; background: var(--ink); }
.value { text-align: right; font-variant-numeric: tabular-nums; }
)";

std::string row_html(const Bar& bar, double largest, std::string_view unit) {
    const auto share = [&](double value) { return largest > 0 ? 100 * std::clamp(value / largest, 0.0, 1.0) : 0; };
    std::string html =
        fmt::format("<div>{}</div><div class=\"track\"><div class=\"bar{}\" style=\"width:{:.2f}%\"></div>",
                    html_escaped(bar.name), bar.is_recorded ? " was" : "", share(bar.middle));
    if (bar.high > bar.low)
        html += fmt::format("<div class=\"span\" style=\"left:{:.2f}%;width:{:.2f}%\"></div>", share(bar.low),
                            share(bar.high) - share(bar.low));
    html += fmt::format("</div><div class=\"value\">{:.4g} {}", bar.middle, unit);
    if (bar.high > bar.low)
        html += fmt::format("<br><span class=\"quiet small\">{:.4g} to {:.4g}</span>", bar.low, bar.high);
    return html + "</div>\n";
}

std::string card_html(const Comparison& comparison, const Figure& figure) {
    std::vector<Bar> bars;
    const auto value = [&](const Course& course) { return course.*figure.figure * figure.factor; };
    if (comparison.recorded) {
        const double was = value(*comparison.recorded);
        bars.push_back({"as it went", was, was, was, true});
    }
    for (const Compared& row : comparison.rows)
        bars.push_back(
            {name_of(row.how), value(row.estimate.low), value(row.estimate.median), value(row.estimate.high)});
    double largest = 0;
    for (const Bar& bar : bars) largest = std::max(largest, bar.high);
    if (largest <= 0) return {};
    std::string html = fmt::format("<section><h2>{}</h2><div class=\"card rows\">\n", figure.title);
    for (const Bar& bar : bars) html += row_html(bar, largest, figure.unit);
    return html + "</div></section>\n";
}

}  // namespace

std::string comparison_page(const Comparison& comparison) {
    const std::string title = html_escaped(comparison.title);
    std::string html = fmt::format(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
        "img-src data:\">\n<title>What if: {} - Plimsoll</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n{}{}"
        "</style>\n</head>\n<body>\n<header class=\"top\"><div id=\"title\"><h1>What if</h1>\n<p class=\"quiet\">{}: "
        "{} "
        "tasks, played again on a machine that is not there",
        title, report::page_file("report.css"), style, title, comparison.tasks);
    if (comparison.draws > 1)
        html += fmt::format("; bars are the middle of {} draws, lines where nine of ten lie", comparison.draws);
    html += "</p></div></header>\n<main>\n";
    for (const Figure& figure : figures) html += card_html(comparison, figure);
    if (comparison.without_needs > 0)
        html += "<p class=\"quiet\">Of some runs it is not known who needs whom: their tasks join when they did.</p>\n";
    return html + "</main>\n</body>\n</html>\n";
}

}  // namespace plimsoll::cli
