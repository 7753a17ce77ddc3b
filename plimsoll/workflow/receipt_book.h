// SPDX-License-Identifier: Apache-2.0
// ReceiptBook: the receipts of earlier runs and of this one, by task and by the outputs they list.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plimsoll/model/receipt.h"

namespace plimsoll::workflow {

class ReceiptBook {
public:
    explicit ReceiptBook(std::vector<Receipt> receipts);
    ReceiptBook(const ReceiptBook&) = delete;
    ReceiptBook& operator=(const ReceiptBook&) = delete;

    /// Stays valid; its content changes with `put`.
    const Receipt* find(std::string_view task_name) const;
    void put(Receipt receipt);
    /// The task belongs to this run: what it made is its own, rather than that of a receipt whose task may
    /// have been renamed since.
    void claim(std::string_view task_name);

    struct Made {
        const Receipt* by = nullptr;
        const FileStamp* stamp = nullptr;
        bool claimed = false;  ///< by a task of this run
    };
    /// Who made the file, according to the receipts. The first call makes an index.
    std::optional<Made> maker_of(std::string_view path) const;

private:
    struct Entry {
        Receipt receipt;
        bool claimed = false;
    };
    void index_outputs(std::uint32_t at) const;

    std::deque<Entry> entries_;
    std::unordered_map<std::string_view, std::uint32_t> by_task_;
    mutable std::unordered_map<std::string_view, std::uint32_t> by_output_;
    mutable bool indexed_ = false;
};

}  // namespace plimsoll::workflow
