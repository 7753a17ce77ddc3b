// SPDX-License-Identifier: Apache-2.0
// Stands in for libFuzzer where the build has none: feeds the entry point random and mutated bytes for a
// second. Usage: X_fuzz [SEED [FILE...]]; files are replayed as they are.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "plimsoll/base/clock.h"
#include "plimsoll/base/file.h"
#include "plimsoll/base/random.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void feed(const std::string& text) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

}  // namespace

int main(int count, char** arguments) {
    const std::uint64_t seed = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 1;
    for (int at = 2; at < count; ++at)
        if (const auto text = plimsoll::read_file(arguments[at])) feed(*text);
    const plimsoll::MachineClock clock;
    const plimsoll::Instant end = clock.now() + std::chrono::seconds(1);
    plimsoll::Rng rng(seed);
    std::uint64_t runs = 0;
    for (; clock.now() < end; ++runs) {
        std::string text(static_cast<std::size_t>(rng.between(0, 200)), ' ');
        constexpr char alphabet[] = "{}:[]-|>&*'\"\n\t #,abcinputcommandstepsname0123456789.$\\/!?%@`\x80\xff";
        for (char& c : text)
            c = rng.uniform() < 0.9 ? alphabet[rng.between(0, sizeof alphabet - 2)] : static_cast<char>(rng.next());
        feed(text);
    }
    std::printf("seed %llu: %llu inputs\n", static_cast<unsigned long long>(seed),
                static_cast<unsigned long long>(runs));
}
