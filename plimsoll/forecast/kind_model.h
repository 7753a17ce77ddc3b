// SPDX-License-Identifier: Apache-2.0
// KindModel: all that is learnt of one kind of task (or of one tool): memory, cores, bytes moved, and, on
// each machine it ran on, runtime and how memory and cores go over time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "plimsoll/forecast/at_least.h"
#include "plimsoll/forecast/coverage.h"
#include "plimsoll/forecast/curve_model.h"
#include "plimsoll/forecast/peak_model.h"
#include "plimsoll/forecast/quantity_model.h"
#include "plimsoll/forecast/runtime_line.h"
#include "plimsoll/forecast/transfer_model.h"
#include "plimsoll/model/forecast.h"

namespace plimsoll::forecast {

class KindModel {
public:
    struct Options {
        bool curves = true;     ///< is use over time learnt too?
        bool promises = true;   ///< is learnt how often bounds of memory hold?
        bool transfers = true;  ///< are bytes learnt that go to disks and networks?
        MixtureConstants constants = {};
        Background* background = nullptr;  ///< for choices that cost milliseconds; not null where curves are learnt
        Overrun overrun = {};              ///< the terms that are to be asked for first
    };
    explicit KindModel(const Options& options);
    /// Finished: an instance. Out of memory or of time: more than the limit. Ended to make room: at least what it
    /// had come to. Anything else says nothing.
    void learn(const Observation& observation, Choosing when = Choosing::when_due);
    /// What was put off.
    void choose_if_due();
    std::size_t samples() const { return memory_.samples(); }

    struct Memory {
        Estimate estimate;  ///< bytes; bounded by neither request nor machine
        std::string model;  ///< what said the bound
    };
    /// With at least one sample.
    Memory memory(const Features& features, double failure_weight) const;
    /// An upper bound of the peak with its probability; nothing where there are too few instances for one, or where
    /// an attempt on no more input has shown that the next one is unlike them.
    std::optional<Estimate> promised_memory(const Features& features) const;
    /// The largest peak seen, with at least one sample.
    double largest_peak() const { return memory_.window().largest(); }
    /// More than this an attempt on no more input has needed, or at least this; 0: none says so.
    double least_need(const Features& features) const;
    /// Does this say something about the memory of a task of another workflow? Only where its input is of a size that
    /// was seen, or the size has been seen not to matter, and where what was said of these instances was mostly near.
    bool speaks_for(const Features& features) const;
    double retry_memory(double limit, int failed) const { return memory_.retry(limit, failed); }
    /// Nothing where nothing was seen (of runtime: on that machine).
    std::optional<Estimate> cores() const;
    std::optional<Estimate> runtime(const Features& features) const;
    Transfers transfers(const Features& features) const;
    std::optional<RuntimeLine> runtime_line(const std::string& machine) const;
    /// Of a task on the features' machine that is expected to run so long and to need so much (bytes) at most; empty
    /// where its shape is not known.
    TaskCurve curve(const Features& features, double expected_s, double peak, const Overrun& overrun) const;

    template <class Archive>
    void members(Archive& archive);

private:
    struct Repeat {
        std::uint64_t features = 0;
        double peak = 0;
    };
    struct Runtime {
        QuantityModel model;
        AtLeast stops, cut_short;
        CurveModel curve;
    };
    /// The last peaks of tasks with these very features.
    struct Repeated {
        int count = 0;
        double smallest = 0, largest = 0;
    };
    void learn_finished(const Observation& observation, Choosing when);
    void learn_transfers(double x, const Profile& profile);
    void learn_promises(const Features& features, double peak);
    Repeated repeated(const Features& features) const;
    Runtime& runtime_on(const std::string& machine);

    Options options_;
    PeakModel memory_;
    QuantityModel promised_memory_;
    AtLeast memory_stops_, memory_cut_short_;
    std::deque<Repeat> repeats_;  ///< oldest first
    Coverage memory_coverage_;
    std::uint32_t seen_ = 0;
    QuantityModel cores_;
    TransferModel read_, written_, received_, sent_;
    std::map<std::string, Runtime> runtimes_;  ///< by machine
};

template <class Archive>
void KindModel::members(Archive& archive) {
    archive(memory_, promised_memory_, memory_stops_, memory_cut_short_, repeats_, memory_coverage_, seen_, cores_,
            read_, written_, received_, sent_);
    std::vector<std::string> machines;
    for (const auto& [machine, runtime] : runtimes_) machines.push_back(machine);
    archive(machines);
    for (const std::string& machine : machines) {
        Runtime& runtime = runtime_on(machine);
        archive(runtime.model, runtime.stops, runtime.cut_short, runtime.curve);
    }
}

}  // namespace plimsoll::forecast
