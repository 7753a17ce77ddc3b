// SPDX-License-Identifier: Apache-2.0
#include "benches/schedule/decisions.h"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <utility>

#include "benches/percentile.h"
#include "plimsoll/base/random.h"
#include "plimsoll/schedule/schedule.h"

namespace plimsoll::benches {
namespace {

constexpr std::size_t resource_kinds = 6;
/// So many asks of a queue wait at any time.
constexpr int waiting_per_queue = 3;
/// Starts that are not counted: the first time that an ask waits, all nodes are looked at for it.
constexpr std::size_t warm_up = 2'000;

double cpu_us() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return 1e6 * static_cast<double>(time.tv_sec) + 1e-3 * static_cast<double>(time.tv_nsec);
}

const Resources node_capacity{.cpu = 64_cores,
                              .memory = 256_GiB,
                              .gpu = 4,
                              .disk_read = Bytes{2'000'000'000},
                              .network_in = Bytes{1'000'000'000},
                              .scratch = 1024_GiB};

/// A task of one of 64 shapes: most small, some with a GPU.
Resources amounts_of(std::int64_t shape) {
    const auto size = static_cast<double>(1 + shape % 8);
    return {.cpu = Cores{size},
            .memory = Bytes{(1 + shape % 16) << 30},
            .gpu = shape % 8 == 7 ? 1.0 : 0.0,
            .disk_read = Bytes{(1 + shape % 5) * 10'000'000},
            .network_in = Bytes{(1 + shape % 3) * 10'000'000},
            .scratch = Bytes{(1 + shape % 7) << 30}};
}

class Cluster {
public:
    explicit Cluster(const DecisionLoad& load)
        : backlog_(load.backlog),
          queues_(specs(load.queues)),
          nodes_(load.nodes, Calendar(node_capacity)),
          free_(load.nodes) {
        Resources all;
        for (std::size_t node = 0; node < load.nodes; ++node) all += node_capacity;
        queues_.shares().set_capacity(all);
        for (std::size_t queue = 0; backlog_ && queue < load.queues; ++queue)
            for (int at = 0; at < waiting_per_queue; ++at) wait_in(queue + 1);
        fill();
        for (NodeId node = 0; node < nodes_.size(); ++node) changed(node);
    }

    /// A task ends and a plan is made; its cost, and how many it started.
    std::pair<double, std::size_t> step() {
        const auto at = static_cast<std::size_t>(rng_.between(0, static_cast<int>(running_.size()) - 1));
        end(at);
        const auto queues = static_cast<int>(queues_.size()) - 1;
        if (!backlog_ && queues_.empty()) wait_in(static_cast<schedule::QueueId>(rng_.between(1, queues)));
        const double before = cpu_us();
        const Plan plan = schedule::plan(queues_, {now_, nodes_, &free_});
        const double cost = cpu_us() - before;
        for (const Start& start : plan.starts) begin(start);
        return {cost, plan.starts.size()};
    }

private:
    struct Running {
        Reservation held;
        schedule::QueueId queue = 0;
    };

    static std::vector<QueueSpec> specs(std::size_t count) {
        std::vector<QueueSpec> specs(1);
        specs[0].parent = -1;
        for (std::size_t at = 0; at < count; ++at) {
            QueueSpec& spec = specs.emplace_back();
            spec.path = fmt::format("q{}", at);
            spec.parent = 0;
            spec.weight = 1 + static_cast<double>(at % 4);
        }
        return specs;
    }

    void wait_in(schedule::QueueId queue) {
        const std::int64_t shape = rng_.between(0, 63);
        queues_.push({.task = next_++,
                      .amounts = amounts_of(shape),
                      .runtime = std::chrono::seconds(60 + shape),
                      .rank = rng_.uniform() * 1000},
                     queue);
    }

    void begin(const Start& start) {
        const schedule::QueueId queue = queues_.queue_of(start.task);
        queues_.erase(start.task);
        queues_.shares().add_held(queue, start.reservation.amounts, 1);
        nodes_[start.reservation.node].add(start.reservation);
        changed(start.reservation.node);
        running_.push_back({start.reservation, queue});
        if (backlog_) wait_in(queue);
    }

    void changed(NodeId node) { free_.set(node, counts_of(nodes_[node].free_at(now_))); }

    void end(std::size_t at) {
        const Running ended = std::exchange(running_[at], running_.back());
        running_.pop_back();
        queues_.shares().add_held(ended.queue, resources_of({}) - ended.held.amounts, -1);
        nodes_[ended.held.node].remove(ended.held);
        changed(ended.held.node);
    }

    /// Tasks on every node until its cores are nearly gone, as queues have them in turn.
    void fill() {
        schedule::QueueId queue = 0;
        for (NodeId node = 0; node < nodes_.size(); ++node) {
            for (int misses = 0; misses < 8;) {
                const Resources amounts = amounts_of(rng_.between(0, 63));
                const Reservation held{
                    .amounts = amounts, .start = now_, .end = end_of(now_, std::chrono::hours(1)), .node = node};
                const double busy = 1 - nodes_[node].free_at(now_).cpu.count / node_capacity.cpu.count;
                if ((!backlog_ && busy >= 0.9) || !nodes_[node].fits_throughout(amounts, held.start, held.end)) {
                    ++misses;
                    continue;
                }
                queue = queue % (queues_.size() - 1) + 1;
                nodes_[node].add(held);
                queues_.shares().add_held(queue, amounts, 1);
                running_.push_back({held, queue});
            }
        }
    }

    bool backlog_;
    Rng rng_{1};
    schedule::Queues queues_;
    std::vector<Calendar> nodes_;
    FreeIndex free_;
    std::vector<Running> running_;
    TaskId next_ = 0;
    Instant now_{};
};

double reserve_us() {
    constexpr int there = 10'000, more = 1'000;
    Rng rng(1);
    Calendar calendar(node_capacity);
    const auto any = [&] {
        const Instant start{std::chrono::seconds(rng.between(0, 1'000'000))};
        return Reservation{.amounts = {.cpu = 1_cores, .memory = 1_GiB},
                           .start = start,
                           .end = start + std::chrono::seconds(rng.between(1, 3600))};
    };
    for (int at = 0; at < there; ++at) calendar.add(any());
    const double before = cpu_us();
    for (int at = 0; at < more; ++at) calendar.add(any());
    return (cpu_us() - before) / more;
}

}  // namespace

DecisionRow measure_decisions(const DecisionLoad& load) {
    Cluster cluster(load);
    std::vector<double> costs;
    double sum = 0;
    for (std::size_t at = 0; at < warm_up;) at += cluster.step().second;
    while (costs.size() < load.decisions) {
        const auto [cost, starts] = cluster.step();
        sum += cost;
        for (std::size_t at = 0; at < starts; ++at) costs.push_back(cost / static_cast<double>(starts));
    }
    std::sort(costs.begin(), costs.end());
    return {.backlog = load.backlog,
            .nodes = load.nodes,
            .queues = load.queues,
            .resources = resource_kinds,
            .decisions = costs.size(),
            .p50_us = percentile(costs, 0.5),
            .p99_us = percentile(costs, 0.99),
            .p999_us = percentile(costs, 0.999),
            .per_s = 1e6 * static_cast<double>(costs.size()) / sum,
            .reserve_us = reserve_us()};
}

std::vector<DecisionRow> run_decisions(const std::function<void(const std::string&)>& note) {
    constexpr std::size_t many = 20'000, few = 1'000;
    const DecisionLoad loads[] = {{100, 1000, many},          {1000, 1000, many},        {10'000, 1000, many},
                                  {100'000, 1000, many},      {10'000, 1, many},         {10'000, 100, many},
                                  {10'000, 10'000, many},     {100, 1000, many, true},   {1000, 1000, many, true},
                                  {10'000, 1000, many, true}, {100'000, 1000, few, true}};
    std::vector<DecisionRow> rows;
    for (const DecisionLoad& load : loads) {
        note(fmt::format("decisions: {} nodes, {} queues", load.nodes, load.queues));
        rows.push_back(measure_decisions(load));
    }
    return rows;
}

}  // namespace plimsoll::benches
