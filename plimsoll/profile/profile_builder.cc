// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/profile/profile_builder.h"
