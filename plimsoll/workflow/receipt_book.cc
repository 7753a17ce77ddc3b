// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/receipt_book.h"

#include <algorithm>
#include <utility>

namespace plimsoll::workflow {

ReceiptBook::ReceiptBook(std::vector<Receipt> receipts) {
    by_task_.reserve(receipts.size());
    for (Receipt& receipt : receipts) put(std::move(receipt));
}

const Receipt* ReceiptBook::find(std::string_view task_name) const {
    const auto found = by_task_.find(task_name);
    return found == by_task_.end() ? nullptr : &entries_[found->second].receipt;
}

void ReceiptBook::put(Receipt receipt) {
    const auto found = by_task_.find(receipt.task_name);
    if (found == by_task_.end()) {
        const auto at = static_cast<std::uint32_t>(entries_.size());
        entries_.push_back({std::move(receipt), false});
        by_task_.emplace(entries_.back().receipt.task_name, at);
        if (indexed_) index_outputs(at);
        return;
    }
    // The keys point into the entry: its name stays where it is, its outputs leave the index first.
    Receipt& kept = entries_[found->second].receipt;
    for (const FileStamp& output : kept.outputs) {
        const auto indexed = by_output_.find(output.path);
        if (indexed != by_output_.end() && indexed->second == found->second) by_output_.erase(indexed);
    }
    kept.command = receipt.command;
    kept.inputs = std::move(receipt.inputs);
    kept.outputs = std::move(receipt.outputs);
    if (indexed_) index_outputs(found->second);
}

void ReceiptBook::claim(std::string_view task_name) {
    const auto found = by_task_.find(task_name);
    if (found == by_task_.end() || entries_[found->second].claimed) return;
    entries_[found->second].claimed = true;
    if (indexed_) index_outputs(found->second);
}

std::optional<ReceiptBook::Made> ReceiptBook::maker_of(std::string_view path) const {
    if (!indexed_) {
        indexed_ = true;
        for (std::uint32_t at = 0; at < entries_.size(); ++at) index_outputs(at);
    }
    const auto found = by_output_.find(path);
    if (found == by_output_.end()) return std::nullopt;
    const Entry& entry = entries_[found->second];
    const auto stamp = std::ranges::find(entry.receipt.outputs, path, &FileStamp::path);
    return Made{&entry.receipt, &*stamp, entry.claimed};
}

void ReceiptBook::index_outputs(std::uint32_t at) const {
    const Entry& entry = entries_[at];
    for (const FileStamp& output : entry.receipt.outputs) {
        const auto [indexed, is_new] = by_output_.try_emplace(output.path, at);
        if (is_new || indexed->second == at) continue;
        if (entries_[indexed->second].claimed && !entry.claimed) continue;
        // The key must point into the receipt that the number names.
        by_output_.erase(indexed);
        by_output_.emplace(output.path, at);
    }
}

}  // namespace plimsoll::workflow
