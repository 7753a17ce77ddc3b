// SPDX-License-Identifier: Apache-2.0
// Sizey (Bader et al. 2024, "Sizey: memory-efficient execution of scientific workflow tasks"). Four models of each kind
// are scored by how near they were so far and by how little they would hold now; the best, with an offset that would
// have wasted least so far, is held. What was said counts from the first task that is sized on: what is learnt
// beforehand is fitted, as in the published code.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "benches/sizing/rivals.h"
#include "benches/sizing/sizey_models.h"

namespace plimsoll::benches {
namespace {

constexpr std::uint64_t seed = 42;
constexpr std::size_t models = 4;
using Words = std::array<double, models>;

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

double deviation(const std::vector<double>& values) {
    if (values.empty()) return 0;
    const auto count = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
    double squares = 0;
    for (const double value : values) squares += (value - mean) * (value - mean) / count;
    return std::sqrt(squares);
}

class Sizey final : public Rules {
public:
    explicit Sizey(double efficiency) : efficiency_(efficiency) {}
    void learn(const TraceTask& task, const Seen&) override {
        is_trained_ = false;
        const auto asked = asked_.extract(task.row);
        if (asked.empty()) return;
        const Words& said = asked.mapped();
        past_.push_back({.said = chosen(said), .needed = task.peak, .runtime_s = task.runtime_s});
        for (std::size_t model = 0; model < models; ++model)
            near_[model] += 1 - std::min(1.0, std::abs(said[model] / task.peak - 1));
    }
    std::optional<double> first(const TraceTask& task, const Seen& seen) override {
        const Words said = asked_[task.row] = words(task, seen);
        return std::max(0.0, chosen(said) + offset(seen));
    }
    double retry(const TraceTask&, const Seen& seen, double allotted, int) override {
        return seen.size() > 0 && seen.largest() > allotted ? seen.largest() : 2 * allotted;
    }

private:
    struct Past {
        double said = 0, needed = 0, runtime_s = 0;
    };

    Words words(const TraceTask& task, const Seen& seen) {
        if (!is_trained_) perceptron_.train(seen);
        is_trained_ = true;
        const double x = task.input / 1e9;
        return {least_squares(seen.x, seen.y).at(x), nearest_neighbours(seen, x), forest(seen, x), perceptron_.at(x)};
    }

    /// The word of the model with the best score; one that says nothing is no word.
    double chosen(const Words& said) const {
        double least = std::numeric_limits<double>::infinity();
        for (const double word : said)
            if (word > 0) least = std::min(least, word);
        double best = -1, best_word = 0;
        for (std::size_t model = 0; model < models; ++model) {
            if (said[model] <= 0) continue;
            const double accuracy = past_.empty() ? 1 : near_[model] / static_cast<double>(past_.size());
            const double score = efficiency_ * least / said[model] + (1 - efficiency_) * accuracy;
            if (score <= best) continue;
            best = score;
            best_word = said[model];
        }
        return best_word;
    }

    /// The cheapest of four measures of how far off the words were.
    double offset(const Seen& seen) const {
        std::vector<double> errors, off, below;
        for (const Past& past : past_) {
            errors.push_back(past.needed - past.said);
            off.push_back(std::abs(errors.back()));
            if (errors.back() > 0) below.push_back(errors.back());
        }
        double cheapest = std::numeric_limits<double>::infinity(), best = 0;
        for (const double candidate : {deviation(errors), median(below), median(off), deviation(below)}) {
            double wasted = 0;
            for (const Past& past : past_) wasted += waste(past, candidate, seen.largest());
            if (wasted >= cheapest) continue;
            cheapest = wasted;
            best = candidate;
        }
        return best;
    }

    static double waste(const Past& past, double offset, double largest) {
        double held = past.said + offset, wasted = 0;
        if (held <= 0) return past.needed * past.runtime_s;
        while (held < past.needed) {
            wasted += held * past.runtime_s;
            held = largest > held ? largest : 2 * held;
        }
        return wasted + (held - past.needed) * past.runtime_s;
    }

    double efficiency_;
    Perceptron perceptron_{seed};
    bool is_trained_ = false;
    std::map<std::size_t, Words> asked_;  ///< by row: what was said of tasks that have not finished
    std::vector<Past> past_;
    Words near_{};  ///< summed accuracy
};

}  // namespace

std::unique_ptr<Rules> make_sizey(double efficiency) { return std::make_unique<Sizey>(efficiency); }

}  // namespace plimsoll::benches
