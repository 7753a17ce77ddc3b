// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "plimsoll/base/units.h"
#include "plimsoll/model/resources.h"

int main() {
    const plimsoll::Result<plimsoll::Bytes> memory = plimsoll::parse_bytes("3 GiB");
    if (!memory) return 1;
    std::printf("%lld bytes\n", static_cast<long long>(memory->count));
}
