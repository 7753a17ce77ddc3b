// SPDX-License-Identifier: Apache-2.0
#include "benches/sizing/protocols.h"

#include <fmt/format.h>

#include <map>

#include "benches/sizing/orders.h"
#include "benches/sizing/over_time.h"
#include "benches/sizing/protocol.h"
#include "benches/sizing/series.h"

namespace plimsoll::benches {
namespace {

using Note = std::function<void(const std::string&)>;
using Rows = std::vector<Row>;

void note_drawn(bool drawn, const std::string& workflow, const Bench& bench, const Note& note) {
    if (drawn)
        note(fmt::format("{}: no published split for protocol {}; drawn from seed {}", workflow, bench.protocol,
                         bench.seed));
}

Result<Rows> split(const Bench& bench, const Clock& clock, const Note& note) {
    Rows rows;
    MethodOptions options = bench.options;
    options.has_request = false;
    for (const std::string& workflow : bench.workflows) {
        const std::vector<TraceTask> trace = PLIM_TRY(read_trace(bench.folder, workflow));
        const Splits splits = PLIM_TRY(split_for_s(bench.folder, trace, bench.seed));
        if (splits.by_kind.empty())
            note(workflow + ": nothing to score in protocol S, which needs kinds of at least 34 tasks with rss");
        note_drawn(splits.drawn, workflow, bench, note);
        for (const std::string& name : bench.methods)
            rows.push_back({workflow, name, "",
                            replay_split(trace, splits, [&] { return make_method(name, options); }, options, clock)});
    }
    return rows;
}

Result<Rows> causal(const Bench& bench, const Clock& clock, const Note& note) {
    Rows rows;
    for (const std::string& workflow : bench.workflows) {
        const std::vector<TraceTask> trace = PLIM_TRY(bench.protocol == "K" ? read_instances(bench.folder, workflow)
                                                                            : read_trace(bench.folder, workflow));
        std::set<std::size_t> beforehand;
        if (bench.protocol == "W") {
            const auto learnt = PLIM_TRY(learnt_for_w(bench.folder, trace, bench.seed));
            note_drawn(learnt.drawn, workflow, bench, note);
            beforehand = learnt.rows;
        }
        for (const std::string& name : bench.methods)
            rows.push_back({workflow, name, "",
                            replay_causal(trace, *make_method(name, bench.options), bench.options, clock, beforehand)});
    }
    return rows;
}

Result<Rows> across(const Bench& bench, const Clock& clock, const Note&) {
    Rows rows;
    MethodOptions options = bench.options;
    options.priors = true;
    for (const std::string& name : bench.methods) {
        const std::unique_ptr<Method> method = make_method(name, options);
        for (const std::string& workflow : bench.workflows)
            rows.push_back({workflow, name, "",
                            replay_causal(PLIM_TRY(read_trace(bench.folder, workflow)), *method, options, clock)});
    }
    return rows;
}

/// The tasks of each kind, or all of them under an empty name.
std::map<std::string, std::vector<SeriesTask>> grouped(std::vector<SeriesTask> tasks, bool by_kind) {
    std::map<std::string, std::vector<SeriesTask>> groups;
    for (SeriesTask& task : tasks) groups[by_kind ? task.kind : ""].push_back(std::move(task));
    return groups;
}

Result<Rows> over_time(const Bench& bench, const Clock& clock, const Note& note) {
    Rows rows;
    const bool grows = bench.protocol == "G";
    for (const std::string& workflow : bench.workflows) {
        std::vector<SeriesTask> tasks = PLIM_TRY(read_series(bench.folder, workflow));
        const Halves halves = PLIM_TRY(halves_for_t(bench.folder, tasks, bench.seed));
        note_drawn(halves.drawn, workflow, bench, note);
        for (const auto& [kind, group] : grouped(std::move(tasks), bench.by_kind)) {
            for (const std::string& name : bench.methods) {
                std::vector<Score> repeats;
                for (const auto& [seed, learnt] : halves.learnt_by_seed) {
                    const std::unique_ptr<CurveMethod> method = make_curve_method(name, bench.options, grows);
                    if (!method)
                        return invalid(fmt::format("protocol {} has no method '{}'; it has {}", bench.protocol, name,
                                                   fmt::join(curve_method_names(), ", ")));
                    repeats.push_back(grows ? replay_grown(group, learnt, *method, clock)
                                            : replay_killed(group, learnt, *method, clock));
                }
                rows.push_back({workflow, name, kind, mean_of(repeats)});
            }
        }
    }
    return rows;
}

struct Protocol {
    const char* name;
    std::vector<std::string> workflows;
    Result<Rows> (*run)(const Bench&, const Clock&, const Note&);
};

const std::vector<Protocol>& protocols() {
    static const std::vector<std::string> all = {"chipseq", "eager", "iwd", "methylseq"};
    static const std::vector<Protocol> table = {
        {"S", all, split},           {"P", all, causal},
        {"W", all, causal},          {"X", {"methylseq", "chipseq", "eager", "iwd"}, across},
        {"K", {"eager"}, causal},    {"T", {"eager"}, over_time},
        {"G", {"eager"}, over_time},
    };
    return table;
}

}  // namespace

Result<std::vector<Row>> run_protocol(const Bench& bench, const Clock& clock, const Note& note) {
    for (const Protocol& protocol : protocols()) {
        if (bench.protocol != protocol.name) continue;
        Bench filled = bench;
        if (filled.workflows.empty()) filled.workflows = protocol.workflows;
        return protocol.run(filled, clock, note);
    }
    return invalid(fmt::format("no protocol '{}'", bench.protocol));
}

}  // namespace plimsoll::benches
