// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "plimsoll/forecast/learning_for_test.h"

using namespace plimsoll;
using namespace plimsoll::forecast;

TEST_CASE("another workflow's use of the tool counts where the kind is unknown, a bare interpreter's does not") {
    const auto forecaster = learner();
    TaskKind elsewhere{.workflow = "other", .step = "map", .tool = "bwa mem"};
    TaskKind script{.workflow = "other", .step = "plot", .tool = "python3"};
    for (int i = 0; i < 3; ++i) {
        forecaster->learn(ran(elsewhere, 10_MiB, 300_MiB));
        forecaster->learn(ran(script, 10_MiB, 300_MiB));
    }
    const Forecast forecast = forecaster->forecast(align, input(20_MiB), terms(3_GiB));
    CHECK(forecast.source == Provenance::tool);
    CHECK(bound(forecast) >= 300_MiB);
    CHECK(bound(forecast) < 1_GiB);
    TaskKind mine{.workflow = "variants", .step = "draw", .tool = "python3"};
    CHECK(forecaster->forecast(mine, input(20_MiB), terms(3_GiB)).source == Provenance::request);
}
