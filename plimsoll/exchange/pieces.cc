// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/exchange/pieces.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "plimsoll/base/file.h"

namespace plimsoll::exchange {
namespace {

constexpr std::size_t piece_bytes = 1 << 18;
constexpr std::size_t line_most = 16 << 20;

class Text final : public Pieces {
public:
    Text(std::string_view text, std::size_t piece) : text_(text), piece_(piece) {}
    Result<std::string_view> next() override {
        const std::string_view taken = text_.substr(0, piece_);
        text_.remove_prefix(taken.size());
        return taken;
    }

private:
    std::string_view text_;
    std::size_t piece_;
};

/// zlib gives a plain file as it is, and several gzip members as their texts one after the other.
class Unpacked final : public Pieces {
public:
    Unpacked(gzFile file, std::string path) : file_(file), path_(std::move(path)), buffer_(piece_bytes, '\0') {}

    Result<std::string_view> next() override {
        const int count = gzread(file_.get(), buffer_.data(), static_cast<unsigned>(buffer_.size()));
        int state = Z_OK;
        const char* words = gzerror(file_.get(), &state);
        if (state == Z_ERRNO) return system_error("read " + path_);
        if (state == Z_BUF_ERROR) return invalid(path_ + ": the gzip file is cut off; copy it again");
        if (count < 0) return invalid(fmt::format("{}: the gzip file is damaged ({}); copy it again", path_, words));
        return std::string_view(buffer_.data(), static_cast<std::size_t>(count));
    }

private:
    struct Close {
        void operator()(gzFile file) const { gzclose(file); }
    };
    std::unique_ptr<gzFile_s, Close> file_;
    std::string path_;
    std::string buffer_;
};

}  // namespace

std::unique_ptr<Pieces> pieces_of(std::string_view text, std::size_t piece) {
    return std::make_unique<Text>(text, piece);
}

Result<std::unique_ptr<Pieces>> open_pieces(const std::string& path) {
    const bool is_input = path == "-";
    const int fd = is_input ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return system_error("read " + path);
    struct stat found{};
    if (::fstat(fd, &found) == 0 && S_ISDIR(found.st_mode)) {
        ::close(fd);
        return invalid(path + ": this is a folder; name the files in it");
    }
    const gzFile file = gzdopen(fd, "rb");
    if (!file) {
        ::close(fd);
        return unavailable("read " + path + ": out of memory");
    }
    gzbuffer(file, static_cast<unsigned>(piece_bytes));
    return std::unique_ptr<Pieces>(std::make_unique<Unpacked>(file, is_input ? "standard input" : path));
}

Result<std::optional<std::string_view>> Lines::next() {
    carried_.clear();
    while (true) {
        if (piece_.empty() && !ended_) {
            piece_ = PLIM_TRY(pieces_->next());
            ended_ = piece_.empty();
        }
        if (ended_ && carried_.empty()) return std::optional<std::string_view>();
        const std::size_t end = piece_.find('\n');
        std::string_view line = piece_.substr(0, end);
        const bool whole = ended_ || end != std::string_view::npos;
        if (!whole || !carried_.empty()) line = carried_.append(line);
        piece_.remove_prefix(end == std::string_view::npos ? piece_.size() : end + 1);
        if (line.size() > line_most)
            return invalid(
                fmt::format("{}:{}: the line is longer than 16 MiB: this is no table of text", name_, number_ + 1));
        if (!whole) continue;
        ++number_;
        if (line.ends_with('\r')) line.remove_suffix(1);
        return std::optional(line);
    }
}

}  // namespace plimsoll::exchange
