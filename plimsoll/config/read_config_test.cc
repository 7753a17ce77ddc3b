// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/config/read_config.h"

#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <string>

#include "plimsoll/base/text.h"

using namespace plimsoll;
using namespace plimsoll::config;

namespace {

Config read(std::string_view text) {
    ReadConfig made = read_config_text(text, "config.yaml");
    std::string all;
    for (const workflow::Problem& problem : made.problems) all += workflow::format(problem) + "\n";
    CHECK(all == "");
    return std::move(made.config);
}

std::vector<std::string> wrong(std::string_view text) {
    std::vector<std::string> all;
    for (const workflow::Problem& problem : read_config_text(text, "config.yaml").problems)
        all.push_back(workflow::format(problem));
    return all;
}

}  // namespace

TEST_CASE("queues with all they can say, and queues below them") {
    const Config config = read(R"(
discipline: sfq
queues:
  prod:
    weight: 3
    guaranteed: {cpu: 2, memory: 4GiB}
    most: {cpu: 8, gpu: 1}
    discipline: priority
    queues:
      nightly: {priority: 2, discipline: edf, max_running: 4, ageing: 1}
      other:
  dev: {discipline: fifo}
)");
    const std::vector<QueueSpec> expected{{.path = "", .discipline = Discipline::sfq},
                                          {.path = "prod",
                                           .parent = 0,
                                           .weight = 3,
                                           .discipline = Discipline::priority,
                                           .guaranteed = {.cpu = 2_cores, .memory = 4_GiB, .gpu = {}},
                                           .most = {.cpu = 8_cores, .memory = {}, .gpu = 1}},
                                          {.path = "prod/nightly",
                                           .parent = 1,
                                           .priority = 2,
                                           .discipline = Discipline::edf,
                                           .max_running = 4,
                                           .ageing = 1},
                                          {.path = "prod/other", .parent = 1},
                                          {.path = "dev", .parent = 0, .discipline = Discipline::fifo},
                                          {.path = "default", .parent = 0}};
    CHECK(config.queues == expected);
    CHECK(config.names_queues);
}

TEST_CASE("an empty file says nothing, and the defaults hold") {
    CHECK(read("").queues == default_queues());
    CHECK(read("# nothing\n").queues == default_queues());
    CHECK(read("queues: {default: {weight: 2}}").queues.size() == 2);
}

TEST_CASE("all that is wrong is told at once, with its place and what to write instead") {
    const std::vector<std::string> told = wrong(R"(
discipline: fifo
queues:
  prod: {weight: 0, disciplin: fair}
  dev:
    discipline: fair
    guaranteed: {cpu: 4}
    most: {cpu: 2}
  a b: {}
  x: {discipline: edff}
)");
    REQUIRE(told.size() == 7);
    CHECK(told[0] ==
          "config.yaml:2:13: 'fifo' orders tasks, and here it is to choose among queues; use fair, sfq or priority");
    CHECK(told[1] == "config.yaml:4:18: '0' is not a number from 0.001 to 1000000; write one for 'weight'");
    CHECK(told[2].find("disciplin") != std::string::npos);
    CHECK(told[3] ==
          "config.yaml:6:17: 'fair' chooses among queues, and here it is to order tasks; use path, priority, fifo, "
          "edf or depth");
    CHECK(told[4].find("is guaranteed more than the most") != std::string::npos);
    CHECK(told[5] == "config.yaml:9:3: 'a b' cannot be a queue's name; use letters, digits, _ and -");
    CHECK(told[6] == "config.yaml:10:19: 'edff' is no discipline; did you mean 'edf'?");
    CHECK(wrong("queues: [a]").size() == 1);
    CHECK(wrong("queues: {default: {queues: {x: {}}}}").size() == 1);
    CHECK(wrong("- a\n").size() == 1);
    CHECK(wrong("queues: {" + std::string(60, 'x') + ": {}}").size() == 1);
}

TEST_CASE("where a config names queues, steps name one of them; elsewhere any name is a queue") {
    const Config config = read("queues: {prod: {queues: {nightly: {}, daily: {}}}, dev: {}}");
    CHECK(queues_for(config, {"prod/daily", "default"})->size() == 6);
    CHECK(queues_for(config, {"prod/dayly"}).error().message ==
          "there is no queue 'prod/dayly' in config.yaml; did you mean 'prod/daily'?");
    CHECK(queues_for(config, {"prod"}).error().message ==
          "queue 'prod' has queues below it, and tasks stand in those; name one of prod/nightly, prod/daily, dev, "
          "default");
    const auto free = queues_for(Config{}, {"night", "default", "night"});
    REQUIRE(free);
    REQUIRE(free->size() == 3);
    CHECK(free->back() == QueueSpec{.path = "night", .parent = 0});
}

TEST_CASE("a config lies under XDG_CONFIG_HOME, else under HOME") {
    CHECK(default_config_file({.xdg_config_home = "/c", .home = "/h"}) == "/c/plimsoll/config.yaml");
    CHECK(default_config_file({.xdg_config_home = "c", .home = "/h"}) == "/h/.config/plimsoll/config.yaml");
    CHECK(default_config_file({.xdg_config_home = "", .home = ""}) == "");
}

TEST_CASE("who takes back what was borrowed is said for a queue and all below it") {
    const Config config = read(R"(
reclaim: {after: 30s}
queues:
  prod: {queues: {nightly: {reclaim: {after: 5m}}, other: }}
  dev: {reclaim: off}
)");
    std::map<std::string, std::optional<Duration>> after;
    for (const QueueSpec& queue : config.queues) after[queue.path] = queue.reclaim_after;
    using std::chrono::minutes, std::chrono::seconds;
    CHECK(after == std::map<std::string, std::optional<Duration>>{{"", seconds(30)},
                                                                  {"prod", seconds(30)},
                                                                  {"prod/nightly", minutes(5)},
                                                                  {"prod/other", seconds(30)},
                                                                  {"dev", std::nullopt},
                                                                  {"default", seconds(30)}});
    CHECK(queues_for(read("reclaim: {after: 1s}"), {"any"}).value().back().reclaim_after == seconds(1));
    CHECK(wrong("queues: {a: {reclaim: 30s}}") ==
          std::vector<std::string>{"config.yaml:1:23: 'reclaim' is off, or says after how long: {after: 30s}"});
    CHECK(wrong("reclaim: {}") ==
          std::vector<std::string>{"config.yaml:1:10: 'reclaim' needs to know after how long; write {after: 30s}"});
}
