// SPDX-License-Identifier: Apache-2.0
// A text in pieces, and its lines: readers never hold a whole file, plain or gzipped.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "plimsoll/base/result.h"

namespace plimsoll::exchange {

class Pieces {
public:
    virtual ~Pieces() = default;
    /// The next piece, which lasts until the next call; an empty one is the end of the text.
    virtual Result<std::string_view> next() = 0;
};

/// The text in pieces of at most `piece` bytes; it outlives them.
std::unique_ptr<Pieces> pieces_of(std::string_view text, std::size_t piece = 1 << 18);
/// The file, unpacked where it is gzipped; "-" is standard input. Errors: not_found, invalid (a folder, a gzip file
/// that is cut off or damaged), unavailable.
Result<std::unique_ptr<Pieces>> open_pieces(const std::string& path);

class Lines {
public:
    /// `name`: the file, as the user spelt it.
    Lines(std::unique_ptr<Pieces> pieces, std::string name) : pieces_(std::move(pieces)), name_(std::move(name)) {}
    /// The next line without its end ("\n" or "\r\n"), until the next call; nothing after the last. A line of more than
    /// 16 MiB is an error: no table has one.
    Result<std::optional<std::string_view>> next();
    /// For a reader that knows no lines: it takes all of the text there, and none by `next`.
    Pieces& pieces() { return *pieces_; }
    /// Of the line that `next` gave, from 1.
    std::size_t number() const { return number_; }
    const std::string& name() const { return name_; }

private:
    std::unique_ptr<Pieces> pieces_;
    std::string name_;
    std::string_view piece_;
    std::string carried_;  ///< the beginning of a line that goes on in the next piece
    std::size_t number_ = 0;
    bool ended_ = false;
};

}  // namespace plimsoll::exchange
