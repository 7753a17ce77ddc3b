// SPDX-License-Identifier: Apache-2.0
// What to ask for, from history alone: each kind's attempts in the order in which they came, replayed. Before each of
// them the advice stands that those before it give; whether it would have held is counted, and then the attempt is
// learnt. So the failures told are those of tasks that the advice had not seen.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plimsoll/advise/need_bound.h"
#include "plimsoll/history/database.h"

namespace plimsoll::advise {

struct AdviceOptions {
    double stay_under = 0.95;         ///< the share of tasks that is to stay under what is asked for
    std::optional<double> risk = {};  ///< instead: what a failed task weighs, 0 thrifty ... 10 safe
};

/// How the advice fared in the replay.
struct Replayed {
    std::size_t tasks = 0;    ///< for which there was advice, and whose need is known well enough to judge it
    std::size_t failed = 0;   ///< needed more than was advised
    std::size_t unknown = 0;  ///< beside these: were stopped below the advice; nobody knows whether it would have done
};

struct MemoryAdvice {
    std::optional<Bytes> requested;  ///< most often
    Bytes typical{}, largest{};      ///< peaks of tasks that finished
    Bytes advised{};
    bool promised = false;  ///< does the share hold by construction, if the next task is like those before?
    Replayed replayed;
    double requested_gbh = 0;       ///< requests x runtimes, where a request is known
    double used_gbh = 0;            ///< of these: peaks x runtimes; attempts that failed used nothing
    double wasted_gbh = 0;          ///< requested, not used
    double advised_wasted_gbh = 0;  ///< what the advice would have wasted, failed attempts and their retries included
};

struct TimeAdvice {
    std::optional<Duration> requested;
    Duration typical{}, largest{};
    Duration advised{};
    bool promised = false;
    Replayed replayed;
};

struct CpuAdvice {
    std::optional<Cores> requested;
    double typical = 0;  ///< cores kept busy, mean over a task
    double advised = 0;  ///< whole cores; never more than requested
    double requested_ch = 0, used_ch = 0;
};

struct KindAdvice {
    TaskKind kind;
    std::size_t attempts = 0, finished = 0, out_of_memory = 0, timeout = 0;
    std::optional<MemoryAdvice> memory;  ///< none: no peak is known
    std::optional<TimeAdvice> time;
    std::optional<CpuAdvice> cpu;
};

class KindAdviser {
public:
    KindAdviser(TaskKind kind, const AdviceOptions& options);
    /// In the order of runs, tasks and tries.
    void learn(const history::PastAttempt& past);
    KindAdvice advice() const;

private:
    template <class Amount>
    struct Requests {
        std::map<Amount, std::size_t> count;
        void add(const std::optional<Amount>& amount);
        std::optional<Amount> most_common() const;
    };
    void settle(const history::PastAttempt& past);
    void replay_memory(const history::PastAttempt& past);
    void replay_stop(const history::PastAttempt& past, double advised);
    void replay_time(const history::PastAttempt& past);

    AdviceOptions options_;
    KindAdvice so_far_;
    MemoryAdvice memory_;
    TimeAdvice time_;
    CpuAdvice cpu_;
    NeedBound memory_need_;
    std::map<std::string, NeedBound> time_need_;  ///< by machine
    std::string machine_;                         ///< of the newest attempt
    forecast::QuantityModel cores_;
    Requests<Bytes> memory_requests_;
    Requests<Duration> time_requests_;
    Requests<Cores> cpu_requests_;
    std::optional<history::PastAttempt> before_;
};

/// Up to a number that is written down easily: 16 steps to each power of two, at least MiB; at least least_memory.
Bytes rounded_request(double bytes);
/// Whole minutes; of an hour and more five, of a day and more whole hours.
Duration rounded_request(Duration time);

/// All kinds that something is known of, the greatest waste first.
Result<std::vector<KindAdvice>> advise(const history::Database& history, const history::PastFilter& filter,
                                       const AdviceOptions& options);

}  // namespace plimsoll::advise
