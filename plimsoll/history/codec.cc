// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/history/codec.h"

#include <bit>
#include <cstdint>
#include <optional>
#include <span>

namespace plimsoll::history {
namespace {

constexpr char receipt_version = 1;

void put(std::string& blob, std::uint64_t number) {
    for (; number >= 0x80; number >>= 7) blob.push_back(static_cast<char>(number | 0x80));
    blob.push_back(static_cast<char>(number));
}

void put_signed(std::string& blob, std::int64_t number) {
    put(blob, (static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63));
}

void put_fixed(std::string& blob, std::uint64_t word) {
    for (int byte = 0; byte < 8; ++byte) blob.push_back(static_cast<char>(word >> (8 * byte)));
}

void put_text(std::string& blob, std::string_view text) {
    put(blob, text.size());
    blob += text;
}

void put_stamps(std::string& blob, std::span<const FileStamp> stamps) {
    put(blob, stamps.size());
    for (const FileStamp& stamp : stamps) {
        put_text(blob, stamp.path);
        put_signed(blob, stamp.size);
        put_signed(blob, stamp.mtime_ns);
        put(blob, stamp.inode);
        blob.push_back(stamp.content ? 1 : 0);
        if (stamp.content) put_fixed(blob, stamp.content->high), put_fixed(blob, stamp.content->low);
    }
}

/// Takes values off the front; once something was cut short everything it gives is empty and ok() false.
class Reader {
public:
    explicit Reader(std::string_view blob) : rest_(blob) {}
    bool ok() const { return ok_; }
    bool at_end() const { return ok_ && rest_.empty(); }

    unsigned char take_byte() {
        if (rest_.empty()) return fail(), static_cast<unsigned char>(0);
        const char byte = rest_.front();
        rest_.remove_prefix(1);
        return static_cast<unsigned char>(byte);
    }
    std::uint64_t take() {
        std::uint64_t number = 0;
        for (int shift = 0; shift < 64 && ok_; shift += 7) {
            const std::uint64_t byte = take_byte();
            number |= (byte & 0x7f) << shift;
            if (byte < 0x80) return ok_ ? number : 0;
        }
        fail();
        return 0;
    }
    std::int64_t take_signed() {
        const std::uint64_t number = take();
        return static_cast<std::int64_t>((number >> 1) ^ (~(number & 1) + 1));
    }
    std::uint64_t take_fixed() {
        std::uint64_t word = 0;
        for (int byte = 0; byte < 8; ++byte) word |= static_cast<std::uint64_t>(take_byte()) << (8 * byte);
        return word;
    }
    /// A count of things of which each takes at least `least` bytes: never more than there is room for.
    std::size_t take_count(std::size_t least) {
        const std::uint64_t count = take();
        if (count > rest_.size() / least) fail();
        return ok_ ? count : 0;
    }
    std::string take_text() {
        const std::size_t size = take_count(1);
        std::string text(rest_.substr(0, size));
        rest_.remove_prefix(size);
        return text;
    }

private:
    void fail() {
        ok_ = false;
        rest_ = {};
    }
    std::string_view rest_;
    bool ok_ = true;
};

std::vector<FileStamp> take_stamps(Reader& reader) {
    std::vector<FileStamp> stamps(reader.take_count(5));
    for (FileStamp& stamp : stamps) {
        stamp.path = reader.take_text();
        stamp.size = reader.take_signed();
        stamp.mtime_ns = reader.take_signed();
        stamp.inode = reader.take();
        if (reader.take_byte() != 0) {
            const std::uint64_t high = reader.take_fixed();
            stamp.content = Hash128{.high = high, .low = reader.take_fixed()};
        }
    }
    return stamps;
}

Error damaged(std::string_view what) {
    return {ErrorKind::damaged, std::string(what) + " cannot be read: not written by this version of Plimsoll"};
}

}  // namespace

std::string encode_receipt(const Receipt& receipt) {
    std::string blob(1, receipt_version);
    put_fixed(blob, receipt.command.high);
    put_fixed(blob, receipt.command.low);
    put_stamps(blob, receipt.inputs);
    put_stamps(blob, receipt.outputs);
    return blob;
}

Result<Receipt> decode_receipt(std::string task_name, std::string_view blob) {
    Reader reader(blob);
    if (reader.take_byte() != receipt_version) return damaged("the receipt of '" + task_name + "'");
    Receipt receipt{.task_name = std::move(task_name), .command = {}, .inputs = {}, .outputs = {}};
    receipt.command.high = reader.take_fixed();
    receipt.command.low = reader.take_fixed();
    receipt.inputs = take_stamps(reader);
    receipt.outputs = take_stamps(reader);
    if (!reader.at_end()) return damaged("the receipt of '" + receipt.task_name + "'");
    return receipt;
}

std::string encode_numbers(const Numbers& numbers) {
    std::string blob;
    put(blob, numbers.size());
    for (const auto& [name, value] : numbers) {
        put_text(blob, name);
        put_fixed(blob, std::bit_cast<std::uint64_t>(value));
    }
    return blob;
}

Result<Numbers> decode_numbers(std::string_view blob) {
    Reader reader(blob);
    Numbers numbers(reader.take_count(9));
    for (auto& [name, value] : numbers) {
        name = reader.take_text();
        value = std::bit_cast<double>(reader.take_fixed());
    }
    if (!reader.at_end()) return damaged("the features of a task");
    return numbers;
}

}  // namespace plimsoll::history
