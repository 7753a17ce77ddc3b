// SPDX-License-Identifier: Apache-2.0
// The law of it all, against chance: whatever was edited, touched, deleted or killed before, a run that
// comes through leaves exactly the files that a run from nothing would have made, and then nothing to do.
#include <doctest/doctest.h>

#include <set>

#include "plimsoll/base/random.h"
#include "plimsoll/workflow/file_workspace.h"
#include "tests/desk.h"

using namespace plimsoll;
using plimsoll::tests::Desk;

namespace {

/// x, y -> left (temporary) ; y -> parts/* (two files) ; left, parts -> final
class Mill : public Desk {
public:
    explicit Mill(std::uint64_t seed) : rng_(seed) {
        options.hash.granularity = rng_.between(0, 1) == 0 ? std::chrono::milliseconds(20) : Duration::zero();
        options.hash.at_once = {rng_.between(0, 1) == 0 ? 1 << 20 : 2};
        for (const char* input : {"x", "y"}) write(input, some_text());
        sit_down();
    }

    void disturb() {
        const std::vector<std::string> files = {"x", "y", "left", "parts/1", "parts/2", "final"};
        const std::string file = files[static_cast<std::size_t>(rng_.between(0, 5))];
        const bool is_input = file == "x" || file == "y";
        switch (rng_.between(0, 2)) {
            case 0: write(file, some_text()); break;
            case 1:
                if (has(file)) touch(file);
                break;
            case 2:
                if (!is_input) remove(file);
                break;
        }
    }

    /// False when it was killed half-way.
    bool run_through() {
        clock.ahead = rng_.between(0, 1) == 0 ? Duration::zero() : std::chrono::hours(1);
        steps_left_ = rng_.between(0, 2) == 0 ? rng_.between(0, 20) : 1'000;
        sit_down();
        if (rng_.between(0, 1) == 0) {
            std::vector<workflow::Interrupted> lost;
            for (const Task* task : begun_) lost.push_back({.run = "20261120-050000-0000", .attempt = 1, .task = task});
            workspace->recover(lost);
        }
        begun_.clear();
        for (const Task* task : {&left_, &parts_, &final_})
            if (!bring_up_to_date(*task)) return false;
        workspace->delete_temporaries(left_);
        workspace->settle();
        reseal();
        return true;
    }

    void check() {
        const std::string x = read("x"), y = read("y");
        CHECK(read("final") == x + y + y + "1" + y + "2");
        CHECK_FALSE(has("left"));
        sit_down();
        for (const Task* task : {&left_, &parts_, &final_}) CHECK(why(*task) == "");
    }

private:
    std::string some_text() {
        return std::string(static_cast<std::size_t>(rng_.between(1, 3)), static_cast<char>(rng_.between('a', 'c')));
    }
    bool dies() { return steps_left_-- <= 0; }

    bool bring_up_to_date(const Task& task) {
        const workflow::Freshness fresh = workspace->examine(task);
        if (fresh.up_to_date) return true;
        for (const std::string& path : fresh.deleted_inputs) {
            REQUIRE(path == "left");
            if (!attempt(left_)) return false;
        }
        return attempt(task);
    }

    bool attempt(const Task& task) {
        begun_.insert(&task);
        if (dies()) return false;
        const AttemptId id{task.id, ++attempts};
        const auto prepared = workspace->prepare(task, id);
        REQUIRE_MESSAGE(prepared, (prepared ? "" : prepared.error().message));
        for (const auto& [path, text] : work_of(task)) {
            if (dies()) return false;
            write(path, text.substr(0, text.size() / 2));
            if (dies()) return false;
            write(path, text);
        }
        const workflow::Conclusion concluded = workspace->conclude(task, id);
        REQUIRE(concluded.outcome == Outcome{});
        if (dies()) return false;
        seal(*concluded.receipt);
        begun_.erase(&task);
        return true;
    }

    std::vector<std::pair<std::string, std::string>> work_of(const Task& task) const {
        if (&task == &left_) return {{"left", read("x") + read("y")}};
        if (&task == &parts_) return {{"parts/1", read("y") + "1"}, {"parts/2", read("y") + "2"}};
        return {{"final", read("left") + read("parts/1") + read("parts/2")}};
    }

    Rng rng_;
    std::int64_t steps_left_ = 0;
    std::set<const Task*> begun_;
    Task left_ = with_temporary(task("left", {"x", "y"}, {"left"}, 0));
    Task parts_ = task("parts", {"y"}, {"parts/*"}, 1);
    Task final_ = task("final", {"left", "parts/1", "parts/2"}, {"final"}, 2);
};

}  // namespace

TEST_CASE("whatever happened before, a run that comes through leaves what a run from nothing would") {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        CAPTURE(seed);
        Mill mill(seed);
        for (int round = 0; round < 8; ++round) {
            CAPTURE(round);
            mill.disturb();
            mill.disturb();
            if (mill.run_through()) mill.check();
        }
    }
}
