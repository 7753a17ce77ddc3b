// SPDX-License-Identifier: Apache-2.0
// Whatever lies in a damaged database: the codec either refuses it or reads what it would write again.
#include <cstddef>
#include <cstdint>

#include "plimsoll/base/check.h"
#include "plimsoll/history/codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace plimsoll::history;
    const std::string_view blob(reinterpret_cast<const char*>(data), size);
    const std::string versioned = "\1" + std::string(blob);
    if (const auto receipt = decode_receipt("task", versioned))
        PLIM_CHECK(decode_receipt("task", encode_receipt(*receipt)).value() == *receipt,
                   "a receipt changes when it is written again");
    if (const auto numbers = decode_numbers(blob))
        PLIM_CHECK(encode_numbers(*numbers) == encode_numbers(decode_numbers(encode_numbers(*numbers)).value()),
                   "numbers change when they are written again");
    return 0;
}
