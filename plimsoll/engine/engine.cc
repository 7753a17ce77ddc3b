// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/engine/engine.h"
