// SPDX-License-Identifier: Apache-2.0
#include "flow.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "plimsoll/base/clock.h"

namespace plimsoll::load {

namespace {

using namespace std::chrono_literals;

constexpr Duration period = 20ms;
constexpr std::int64_t chunk_size = 1 << 20;
constexpr std::int64_t written_file_size = 64 << 20;

Duration thread_cpu_time() {
    timespec time = {};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + Duration(time.tv_nsec);
}

/// Computes for its share of a period, by CPU time; not longer than the period, should others have the core.
void burn_one_period(double share) {
    const MachineClock clock;
    const Instant end = clock.now() + period;
    const Duration enough = thread_cpu_time() + from_seconds(share * seconds(period));
    volatile double sum = 0;
    while (thread_cpu_time() < enough && clock.now() < end)
        for (int at = 1; at < 2000; ++at) sum = sum + 1.0 / at;
    const Instant now = clock.now();
    if (now < end) std::this_thread::sleep_for(end - now);
}

}  // namespace

Burner::Burner(double most_cores) {
    for (int at = 0; at < std::ceil(most_cores); ++at) {
        shares_.push_back(std::make_unique<std::atomic<double>>(0.0));
        threads_.emplace_back([share = shares_.back().get()](const std::stop_token& stop) {
            while (!stop.stop_requested()) burn_one_period(*share);
        });
    }
}

void Burner::burn(double cores) {
    for (std::size_t at = 0; at < shares_.size(); ++at)
        *shares_[at] = std::clamp(cores - static_cast<double>(at), 0.0, 1.0);
}

Result<DiskWriter> DiskWriter::make(const std::string& folder) {
    std::string path = folder + "/plimsoll-load-XXXXXX";
    Fd file(::mkostemp(path.data(), O_CLOEXEC));
    if (!file) return system_error("cannot make a file in " + folder);
    if (::unlink(path.c_str()) != 0) return system_error("cannot unlink " + path);
    return DiskWriter(std::move(file));
}

Result<void> DiskWriter::write(Bytes amount) {
    const std::vector<char> chunk(chunk_size, 'w');
    for (std::int64_t left = amount.count; left > 0;) {
        const std::int64_t part = std::min({left, chunk_size, written_file_size - at_});
        const ssize_t put = ::pwrite(file_.fd(), chunk.data(), static_cast<std::size_t>(part), at_);
        if (put < 0) return system_error("cannot write to disk");
        if (put < part) return unavailable("a write to disk fell short");
        at_ = (at_ + part) % written_file_size;
        left -= part;
    }
    if (amount.count > 0 && ::fdatasync(file_.fd()) != 0) return system_error("cannot sync what was written to disk");
    return {};
}

Result<DiskReader> DiskReader::make(const std::string& path) {
    Fd file = PLIM_TRY(open_file(path, O_RDONLY));
    struct stat status = {};
    if (::fstat(file.fd(), &status) != 0) return system_error("cannot look at " + path);
    return DiskReader(std::move(file), status.st_size);
}

Result<void> DiskReader::read(Bytes amount) {
    std::vector<char> chunk(chunk_size);
    if (size_ == 0) return {};
    for (std::int64_t left = amount.count; left > 0;) {
        const std::int64_t part = std::min({left, chunk_size, size_ - at_});
        ::posix_fadvise(file_.fd(), at_, part, POSIX_FADV_DONTNEED);
        const ssize_t got = ::pread(file_.fd(), chunk.data(), static_cast<std::size_t>(part), at_);
        if (got < 0) return system_error("cannot read from disk");
        if (got < part) return unavailable("a read from disk fell short");
        at_ = (at_ + part) % size_;
        left -= part;
    }
    return {};
}

}  // namespace plimsoll::load
