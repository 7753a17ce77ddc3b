// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/shape/page_cache.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>

#include <algorithm>
#include <fstream>

#include "plimsoll/base/file.h"
#include "tests/temporary_folder.h"

namespace plimsoll::shape {
namespace {

void write(const std::string& path, std::size_t bytes) { std::ofstream(path) << std::string(bytes, 'x'); }

/// Waits for as long as it takes.
std::vector<WarmFile> warmed(Warmer& cache, std::size_t count) {
    std::vector<WarmFile> all;
    while (all.size() < count) {
        for (WarmFile& file : cache.take_warmed()) all.push_back(std::move(file));
        ::poll(nullptr, 0, 1);
    }
    return all;
}

/// How many of its pages are in memory.
std::size_t pages_in_memory(const std::string& path, std::size_t bytes) {
    const Fd file = open_file(path, O_RDONLY).value();
    void* const place = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file.fd(), 0);
    std::vector<unsigned char> pages(bytes / 4096);
    const bool is_told = place != MAP_FAILED && ::mincore(place, bytes, pages.data()) == 0;
    if (place != MAP_FAILED) ::munmap(place, bytes);
    return is_told ? static_cast<std::size_t>(std::ranges::count_if(pages, [](auto page) { return page & 1; })) : 0;
}

constexpr std::size_t mebibyte = 1 << 20;

TEST_CASE("what is wanted is read in order, and what is not there is passed over") {
    const tests::TemporaryFolder folder;
    write(folder / "a", 3 * mebibyte);
    write(folder / "b", 10);
    PageCache cache;
    cache.want({folder / "none", folder / "a", folder.path(), folder / "b"}, 1_GiB);
    CHECK(warmed(cache, 2) == std::vector<WarmFile>{{folder / "a", 3_MiB}, {folder / "b", Bytes{10}}});
}

TEST_CASE("no more is read than the budget allows, and smaller files still are") {
    const tests::TemporaryFolder folder;
    write(folder / "large", 3 * mebibyte);
    write(folder / "small", 10);
    PageCache cache;
    cache.want({folder / "large", folder / "small"}, 1_MiB);
    CHECK(warmed(cache, 1) == std::vector<WarmFile>{{folder / "small", Bytes{10}}});
}

TEST_CASE("a file is read again only when it has changed") {
    const tests::TemporaryFolder folder;
    write(folder / "a", 10);
    write(folder / "b", 10);
    PageCache cache;
    cache.want({folder / "a"}, 1_MiB);
    warmed(cache, 1);
    cache.want({folder / "a", folder / "b"}, 1_MiB);
    CHECK(warmed(cache, 1) == std::vector<WarmFile>{{folder / "b", Bytes{10}}});
    write(folder / "a", 20);
    cache.want({folder / "b", folder / "a"}, 1_MiB);
    CHECK(warmed(cache, 1) == std::vector<WarmFile>{{folder / "a", Bytes{20}}});
}

TEST_CASE("its pages are in memory afterwards") {
    const tests::TemporaryFolder folder("/var/tmp");
    const std::string path = folder / "a";
    write(path, 8 * mebibyte);
    {
        const Fd file = open_file(path, O_RDWR).value();
        ::fsync(file.fd());
        ::posix_fadvise(file.fd(), 0, 0, POSIX_FADV_DONTNEED);
    }
    if (pages_in_memory(path, 8 * mebibyte) > 0) {
        MESSAGE("this file system does not let go of its pages");
        return;
    }
    PageCache cache;
    cache.want({path}, 1_GiB);
    warmed(cache, 1);
    CHECK(pages_in_memory(path, 8 * mebibyte) > 1024);  // half: under pressure the kernel may take some back
}

}  // namespace
}  // namespace plimsoll::shape
