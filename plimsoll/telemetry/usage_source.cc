// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/telemetry/usage_source.h"
