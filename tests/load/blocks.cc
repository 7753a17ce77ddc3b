// SPDX-License-Identifier: Apache-2.0
#include "blocks.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "plimsoll/base/file.h"

namespace plimsoll::load {

namespace {

constexpr std::size_t size = static_cast<std::size_t>(block_size.count);

/// Anonymous pages, unmapped on destruction.
class Mapping {
public:
    static Result<Mapping> make(int kind) {
        void* const at = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, kind | MAP_ANONYMOUS, -1, 0);
        if (at == MAP_FAILED) return system_error("cannot map a block of memory");
        return Mapping(at);
    }
    Mapping(Mapping&& other) noexcept : at_(std::exchange(other.at_, nullptr)) {}
    Mapping& operator=(Mapping&& other) noexcept {
        std::swap(at_, other.at_);
        return *this;
    }
    ~Mapping() {
        if (at_) ::munmap(at_, size);
    }
    char* data() { return static_cast<char*>(at_); }

private:
    explicit Mapping(void* at) : at_(at) {}
    void* at_;
};

/// Not zero: equal pages of zeros could be shared.
void touch(char* block) { std::memset(block, 0x5a, size); }

template <class Block>
class Blocks : public Memory {
public:
    Result<void> hold(Bytes amount) final {
        const auto count = static_cast<std::size_t>((amount.count + block_size.count - 1) / block_size.count);
        while (blocks_.size() < count) blocks_.push_back(PLIM_TRY(next()));
        while (blocks_.size() > count) blocks_.pop_back();
        return {};
    }
    Bytes held() const final { return {static_cast<std::int64_t>(blocks_.size()) * block_size.count}; }

protected:
    virtual Result<Block> next() = 0;
    std::size_t count() const { return blocks_.size(); }

private:
    std::vector<Block> blocks_;
};

struct Freed {
    void operator()(char* block) const { std::free(block); }
};
using Malloced = std::unique_ptr<char, Freed>;

class Touched final : public Blocks<Malloced> {
public:
    // A fixed threshold below the size of a block: glibc raises its own with what is freed, and would keep blocks.
    Touched() { ::mallopt(M_MMAP_THRESHOLD, 64 << 10); }

private:
    Result<Malloced> next() override {
        Malloced block(static_cast<char*>(std::malloc(size)));
        if (!block) return system_error("cannot allocate a block of memory");
        touch(block.get());
        return block;
    }
};

class Mapped final : public Blocks<Mapping> {
    Result<Mapping> next() override {
        Mapping block = PLIM_TRY(Mapping::make(count() % 2 == 0 ? MAP_PRIVATE : MAP_SHARED));
        touch(block.data());
        return block;
    }
};

class Read final : public Blocks<Mapping> {
public:
    explicit Read(Fd file) : file_(std::move(file)) {}

private:
    Result<Mapping> next() override {
        Mapping block = PLIM_TRY(Mapping::make(MAP_PRIVATE));
        const ssize_t got = ::pread(file_.fd(), block.data(), size, 0);
        if (got < 0) return system_error("cannot read into fresh memory");
        if (static_cast<std::size_t>(got) < size)
            return unavailable(fmt::format("a read into fresh memory fell short: {} of {} bytes", got, size));
        return block;
    }

    Fd file_;
};

}  // namespace

std::unique_ptr<Memory> touched_blocks() { return std::make_unique<Touched>(); }
std::unique_ptr<Memory> mapped_blocks() { return std::make_unique<Mapped>(); }
// Of this very program: a read of /dev/zero or of a pipe may fall short for a freeze, that of a file only for memory.
Result<std::unique_ptr<Memory>> read_blocks() {
    return std::make_unique<Read>(PLIM_TRY(open_file("/proc/self/exe", O_RDONLY)));
}

}  // namespace plimsoll::load
