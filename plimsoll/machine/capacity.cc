// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/capacity.h"
