// SPDX-License-Identifier: Apache-2.0
// Receipts and numeric features as compact blobs: numbers as LEB128 (signed ones zigzag), texts with
// their length in front, hashes and doubles as their bytes, little-endian. Internal to `history`.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/model/receipt.h"

namespace plimsoll::history {

/// All of a receipt but its task's name.
std::string encode_receipt(const Receipt& receipt);
/// What encode_receipt made; `damaged` for anything else.
Result<Receipt> decode_receipt(std::string task_name, std::string_view blob);

using Numbers = std::vector<std::pair<std::string, double>>;
std::string encode_numbers(const Numbers& numbers);
Result<Numbers> decode_numbers(std::string_view blob);

}  // namespace plimsoll::history
