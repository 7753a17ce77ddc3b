// SPDX-License-Identifier: Apache-2.0
// The loop where something goes wrong around it: commands that cannot start, files that are gone, a history
// that cannot be written, others on the machine.
#include <doctest/doctest.h>

#include <algorithm>

#include "plimsoll/simulate/drawing.h"
#include "plimsoll/simulate/simulated_run.h"

using namespace plimsoll;
using namespace plimsoll::simulate;
using namespace std::chrono_literals;

namespace {

constexpr Request small{.cpu = Cores{1}, .memory = Bytes{1 << 30}, .time = {}, .disk = {}, .gpu = {}};

std::vector<Node> one_node(const char* capacity) {
    return {{.id = 0, .name = "here", .capacity = parse_resources(capacity).value()}};
}

bool told(const std::vector<loop::Event>& events, loop::EventKind kind, const std::string& task) {
    return std::ranges::any_of(events,
                               [&](const auto& event) { return event.kind == kind && event.task_name == task; });
}

std::vector<std::string> started(const std::vector<loop::Event>& events) {
    std::vector<std::string> names;
    for (const loop::Event& event : events)
        if (event.kind == loop::EventKind::task_started) names.push_back(event.task_name);
    return names;
}

using Names = std::vector<std::string>;

/// A run of the drawing in which the tasks named are up to date and their temporary outputs gone.
std::vector<loop::Event> rerun(const Drawing& drawing, const Names& done, const std::string& fails = "") {
    const auto forecaster = forecast::make_forecaster("request");
    const Truth truth = [&](const std::string& task, int) {
        return Behaviour{.runtime = 10s, .exit_code = task == fails, .up_to_date = std::ranges::count(done, task) > 0};
    };
    SimulatedRun run({.nodes = one_node("cpu=1 memory=4GiB"), .truth = truth, .keep_going = true, .store = {}},
                     *forecaster);
    for (const Task& task : drawing.tasks)
        for (const OutputFile& output : task.outputs)
            if (output.temporary && std::ranges::count(done, task.name) > 0) run.workspace().forget(output.path);
    workflow::FixedSource source(drawing.tasks);
    run.loop().add(source);
    auto events = run.finish();
    REQUIRE(events);
    return std::move(*events);
}

}  // namespace

TEST_CASE("a command that cannot start ends the run, also where others were to start with it") {
    const auto forecaster = forecast::make_forecaster("request");
    const Truth truth = [](const std::string& task, int) {
        return Behaviour{.runtime = 10s, .can_start = task != "a"};
    };
    const Drawing drawing = draw("a; b; c", small).value();
    SimulatedRun run({.nodes = one_node("cpu=4 memory=8GiB"), .truth = truth, .store = {}}, *forecaster);
    workflow::FixedSource source(drawing.tasks);
    run.loop().add(source);
    const auto events = run.finish();
    REQUIRE(events);
    CHECK(told(*events, loop::EventKind::task_failed, "a"));
    CHECK(told(*events, loop::EventKind::task_cancelled, "b"));
    CHECK(run.loop().state() == RunState::failed);
}

TEST_CASE("a run in which all is up to date ends without waiting for anything") {
    const auto events = rerun(draw("a; b <- a", small).value(), {"a", "b"});
    CHECK(started(events).empty());
    CHECK(events.back().kind == loop::EventKind::run_finished);
}

TEST_CASE("a maker brought back for one reader does not let another go before all that it needs is done") {
    // b and d are to run again; d also needs c. a's second end must not count for c.
    Drawing drawing = draw("a; b <- a; c; d <- a c", small).value();
    drawing.make_temporary("a");
    drawing.steps[2].priority = -1;
    const auto events = rerun(drawing, {"a"});
    CHECK(started(events) == Names{"a", "b", "c", "d"});
}

TEST_CASE("a reader of two files of one maker that are gone goes on when it has run") {
    Drawing drawing = draw("a; b <- a", small).value();
    drawing.tasks[0].outputs = {{"one", true}, {"two", true}};
    drawing.tasks[1].inputs = {"one", "two"};
    CHECK(started(rerun(drawing, {"a"})) == Names{"a", "b"});
}

TEST_CASE("a reader whose maker failed when it was brought back is cancelled, whenever it is looked at") {
    // So many others wait that d has not been looked at when a fails.
    Drawing drawing = draw("a; b <- a; c*600; d <- a", small).value();
    drawing.make_temporary("a");
    const auto events = rerun(drawing, {"a"}, "a");
    CHECK(told(events, loop::EventKind::task_failed, "a"));
    CHECK(told(events, loop::EventKind::task_cancelled, "b"));
    CHECK(told(events, loop::EventKind::task_cancelled, "d"));
    CHECK(told(events, loop::EventKind::task_finished, "c[599]"));
}

TEST_CASE("when the history can be written again, what waits is started") {
    const auto forecaster = forecast::make_forecaster("request");
    const Drawing drawing = draw("a; b <- a", small).value();
    const Truth truth = [](const std::string&, int) { return Behaviour{.runtime = 10s}; };
    // The disk is full when a ends, and for five seconds; then the writer's own retry succeeds.
    SimulatedRun run({.nodes = one_node("cpu=1 memory=4GiB"),
                      .truth = truth,
                      .store = {.lag_max = 100ms, .trouble = {{Instant(9s), Instant(15s)}}}},
                     *forecaster);
    workflow::FixedSource source(drawing.tasks);
    run.loop().add(source);
    const auto events = run.finish();
    REQUIRE(events);
    CHECK(started(*events) == Names{"a", "b"});
    CHECK(run.clock().now() >= Instant(25s));
    CHECK(run.clock().now() <= Instant(27s));
}

TEST_CASE("a request for disk does not keep a task from a machine that does not count disk") {
    const auto forecaster = forecast::make_forecaster("request");
    const Truth truth = [](const std::string&, int) { return Behaviour{.runtime = 10s}; };
    Request request = small;
    request.disk = 1_GiB;
    const Drawing drawing = draw("a", request).value();
    SimulatedRun run({.nodes = one_node("cpu=1 memory=4GiB"), .truth = truth, .store = {}}, *forecaster);
    workflow::FixedSource source(drawing.tasks);
    run.loop().add(source);
    const auto events = run.finish();
    REQUIRE(events);
    CHECK(started(*events) == Names{"a"});
}

TEST_CASE("what this machine can never give fails at once and says so") {
    const auto forecaster = forecast::make_forecaster("request");
    const Truth truth = [](const std::string&, int) { return Behaviour{.runtime = 10s}; };
    Request request = small;
    request.gpu = 1;
    const Drawing drawing = draw("a", request).value();
    SimulatedRun run({.nodes = one_node("cpu=1 memory=4GiB"), .truth = truth, .store = {}}, *forecaster);
    workflow::FixedSource source(drawing.tasks);
    run.loop().add(source);
    REQUIRE(run.finish());
    CHECK(run.loop().state() == RunState::failed);
    CHECK(run.store().tasks().front().reason == "asks for gpu=1, and this machine has cpu=1 memory=4.00 GiB");
}

TEST_CASE("a task that joins after what it needs has failed is told, recorded and reported to its source") {
    struct Late final : workflow::Source {
        Drawing drawing = draw("a; b <- a", small).value();
        std::vector<std::pair<TaskId, bool>> words;
        std::vector<Task> poll(TaskId next_id, Instant) override {
            if (next_id == 0) return {drawing.tasks[0]};
            if (next_id == 1 && !words.empty()) return {drawing.tasks[1]};
            return {};
        }
        bool may_send_more() const override { return words.size() < 2; }
        void done(TaskId task, bool succeeded) override { words.emplace_back(task, succeeded); }
    } source;
    const auto forecaster = forecast::make_forecaster("request");
    const Truth truth = [](const std::string&, int) { return Behaviour{.runtime = 10s, .exit_code = 1}; };
    SimulatedRun run({.nodes = one_node("cpu=1 memory=4GiB"), .truth = truth, .keep_going = true, .store = {}},
                     *forecaster);
    run.engine().at(Instant(20s), [] {});  // the source has something new
    run.loop().add(source);
    const auto events = run.finish();
    REQUIRE(events);
    CHECK(told(*events, loop::EventKind::task_cancelled, "b"));
    CHECK(source.words == std::vector<std::pair<TaskId, bool>>{{0, false}, {1, false}});
}

TEST_CASE("a start that the machine refuses is tried again later, and the command is not to blame") {
    const auto forecaster = forecast::make_forecaster("request");
    const Truth truth = [](const std::string& task, int attempt) {
        return Behaviour{.runtime = 10s, .is_refused = task == "a" && attempt <= 3};
    };
    const Drawing drawing = draw("a; b; c <- a", small).value();
    SimulatedRun run({.nodes = one_node("cpu=1 memory=8GiB"), .truth = truth, .store = {}}, *forecaster);
    workflow::FixedSource source(drawing.tasks);
    run.loop().add(source);
    REQUIRE(run.finish());
    CHECK(run.loop().state() == RunState::finished);
    CHECK(run.clock().now() >= Instant(31s));
}

TEST_CASE("a machine that refuses every start ends the run with the reason") {
    const auto forecaster = forecast::make_forecaster("request");
    const Truth truth = [](const std::string&, int) { return Behaviour{.runtime = 10s, .is_refused = true}; };
    const Drawing drawing = draw("a", small).value();
    SimulatedRun run({.nodes = one_node("cpu=1 memory=8GiB"), .truth = truth, .store = {}}, *forecaster);
    workflow::FixedSource source(drawing.tasks);
    run.loop().add(source);
    REQUIRE(run.finish());
    CHECK(run.loop().state() == RunState::failed);
    CHECK(run.clock().now() <= Instant(10min));
}

TEST_CASE("a command that exits 0 because it was asked to end has not finished") {
    const auto forecaster = forecast::make_forecaster("request");
    const Truth truth = [](const std::string&, int) {
        return Behaviour{.runtime = 10s, .exits_well_when_asked_to_end = true};
    };
    Drawing drawing = draw("a", small).value();
    drawing.steps[0].timeout = 1s;
    drawing.steps[0].retry.on_timeout = 0;
    SimulatedRun run({.nodes = one_node("cpu=1 memory=8GiB"), .truth = truth, .store = {}}, *forecaster);
    workflow::FixedSource source(drawing.tasks);
    run.loop().add(source);
    REQUIRE(run.finish());
    CHECK(run.loop().state() == RunState::failed);
}

TEST_CASE("a task raised to more than the system leaves of the machine gets what there is, once") {
    const auto forecaster = forecast::make_forecaster("request");
    for (const Bytes peak : {7_GiB, 16_GiB}) {
        const Truth truth = [&](const std::string&, int) { return Behaviour{.runtime = 10s, .memory_peak = peak}; };
        Request request = small;
        request.memory = 5_GiB;
        const Drawing drawing = draw("a", request).value();
        SimulatedRun run({.nodes = one_node("cpu=1 memory=8GiB"), .truth = truth, .store = {}}, *forecaster);
        run.machine().others_hold(parse_resources("memory=512MiB").value());
        workflow::FixedSource source(drawing.tasks);
        run.loop().add(source);
        REQUIRE(run.finish());
        CHECK(run.loop().state() == (peak == 7_GiB ? RunState::finished : RunState::failed));
        CHECK(run.clock().now() <= Instant(1min));
    }
}
