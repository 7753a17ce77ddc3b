// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/steps_text.h"

#include <fmt/format.h>

#include "plimsoll/base/text.h"
#include "plimsoll/base/units.h"

namespace plimsoll::cli {
namespace {

using profile::Handover;
using profile::Spread;
using profile::StepProfile;

std::string line(std::string_view name, const std::string& text) { return fmt::format("  {:<9} {}\n", name, text); }

template <class Amount>
std::string told(const Spread<Amount>& spread) {
    const std::string least = format(spread.least), median = format(spread.median), most = format(spread.most);
    return least == most ? most : fmt::format("{} - {}, median {}", least, most, median);
}

std::string counted(std::uint64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

/// "8 tasks: 7 finished, 1 failed; 10 attempts, 2 of them retries: 2 out_of_memory, 1 exit"
std::string outcome(const StepProfile& step) {
    std::vector<std::string> states, endings;
    for (const auto& [count, name] : {std::pair{step.finished, "finished"}, std::pair{step.up_to_date, "up to date"},
                                      std::pair{step.failed, "failed"}, std::pair{step.cancelled, "cancelled"}})
        if (count > 0) states.push_back(fmt::format("{} {}", count, name));
    std::string text = join(states, ", ");
    if (step.attempts == 0) return text;
    text += fmt::format("; {}", counted(step.attempts, "attempt"));
    if (step.retries > 0) text += fmt::format(", {} of them retries", step.retries);
    for (std::size_t ending = 0; ending < step.endings.size(); ++ending)
        if (step.endings[ending] > 0 && static_cast<Ending>(ending) != Ending::finished)
            endings.push_back(fmt::format("{} {}", step.endings[ending], name_of(static_cast<Ending>(ending))));
    return endings.empty() ? text : text + ": " + join(endings, ", ");
}

std::string time(const StepProfile& step) {
    if (!step.runtime) return {};
    return line("time", fmt::format("{}; {} in all", told(*step.runtime), format(step.sum.runtime)));
}

std::string memory(const StepProfile& step) {
    if (step.attempts == 0) return {};
    std::string text = step.memory_peak ? "peak " + told(*step.memory_peak) : "not measured";
    if (step.memory_peak && step.measured < step.attempts)
        text += fmt::format(" (of {} attempts; the others were not measured)", step.measured);
    if (step.memory_reserved) text += "; reserved " + told(*step.memory_reserved);
    return line("memory", text);
}

std::string cores(const StepProfile& step) {
    if (step.sum.runtime <= Duration::zero()) return {};
    std::string text = fmt::format("{} on average, {} at most; {} of CPU time",
                                   format(Cores{seconds(step.sum.cpu) / seconds(step.sum.runtime)}),
                                   format(step.sum.cpu_peak), format(step.sum.cpu));
    if (step.sum.threads_peak > 0)
        text += fmt::format(
            "; up to {} in {}", counted(step.sum.threads_peak, "thread"),
            step.sum.processes_peak == 1 ? "1 process" : fmt::format("{} processes", step.sum.processes_peak));
    return line("cores", text);
}

std::string moved(Bytes bytes, std::uint64_t operations) {
    return operations == 0 ? format(bytes)
                           : fmt::format("{} in {} operation{}", format(bytes), operations, operations == 1 ? "" : "s");
}

std::string traffic(const StepProfile& step) {
    const Profile& sum = step.sum;
    std::string text;
    if (sum.read_bytes > Bytes{} || sum.write_bytes > Bytes{})
        text += line("disk", fmt::format("read {}, written {}", moved(sum.read_bytes, sum.read_operations),
                                         moved(sum.write_bytes, sum.write_operations)));
    if (sum.network_in > Bytes{} || sum.network_out > Bytes{})
        text += line("network", fmt::format("received {}, sent {}", format(sum.network_in), format(sum.network_out)));
    const Duration stalled = sum.memory_stall + sum.cpu_stall + sum.io_stall;
    if (stalled >= std::chrono::milliseconds(10))
        text += line("stalled", fmt::format("for memory {}, CPU {}, disk {}", format(sum.memory_stall),
                                            format(sum.cpu_stall), format(sum.io_stall)));
    return text;
}

std::string handovers(std::string_view name, const std::vector<Handover>& handovers, std::string_view direction) {
    if (handovers.empty()) return {};
    std::vector<std::string> parts;
    for (const Handover& one : handovers)
        parts.push_back(fmt::format("{} {} {} ({})", format(one.bytes), direction,
                                    one.step.empty() ? "outside of the run" : one.step, counted(one.files, "file")));
    return line(name, join(parts, ", "));
}

}  // namespace

std::string steps_text(std::span<const profile::StepProfile> steps) {
    std::string text;
    for (const StepProfile& step : steps)
        text += fmt::format("\n{}: {}\n", step.step, outcome(step)) + time(step) + memory(step) + cores(step) +
                traffic(step) + handovers("reads", step.reads, "from") + handovers("hands on", step.hands, "to");
    return text;
}

}  // namespace plimsoll::cli
