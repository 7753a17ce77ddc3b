// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/advise/snippets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <vector>

namespace plimsoll::advise {
namespace {

/// Nextflow's MB and GB, Slurm's M and what Snakemake hands on as mem_mb are MiB.
long mebibytes(Bytes amount) { return static_cast<long>((amount.count + (1 << 20) - 1) >> 20); }
long minutes(Duration time) { return std::chrono::ceil<std::chrono::minutes>(time).count(); }

std::vector<const KindAdvice*> telling(std::span<const KindAdvice> all) {
    std::vector<const KindAdvice*> kinds;
    for (const KindAdvice& one : all)
        if (one.finished >= least_samples && (one.memory || one.time)) kinds.push_back(&one);
    return kinds;
}

std::string unsaid(std::span<const KindAdvice> all, std::string_view comment) {
    const auto few = all.size() - telling(all).size();
    if (few == 0) return {};
    return fmt::format("{} {} more: fewer than {} tasks finished, too few to advise on\n", comment, few, least_samples);
}

/// "142 tasks, largest 790 MiB, asked for 16.0 GiB"
std::string reasons(const KindAdvice& one) {
    std::string text = fmt::format("{} tasks", one.finished);
    if (one.memory) text += fmt::format(", largest {}", format(one.memory->largest));
    if (one.memory && one.memory->requested) text += fmt::format(", asked for {}", format(*one.memory->requested));
    if (one.out_of_memory > 0) text += fmt::format(", {} out of memory", one.out_of_memory);
    return text;
}

std::string single_quoted(std::string_view text) {
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + "'";
}

std::string yaml_key(std::string_view text) {
    const auto is_plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
    std::string quoted = "'";
    for (const char c : text) quoted += c == '\'' ? std::string("''") : std::string(1, c);
    return quoted + "'";
}

/// Comments end with their line.
std::string one_line(std::string_view text) {
    std::string line(text);
    std::replace_if(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, '?');
    return line;
}

std::string clock_time(Duration time) {
    const long total = minutes(time), days = total / 1440;
    const std::string rest = fmt::format("{:02}:{:02}:00", total % 1440 / 60, total % 60);
    return days > 0 ? fmt::format("{}-{}", days, rest) : rest;
}

}  // namespace

std::string nextflow_config(std::span<const KindAdvice> all) {
    std::string text =
        "process {\n    errorStrategy = { task.exitStatus in 137..140 ? 'retry' : 'finish' }\n"
        "    maxRetries = 3\n";
    for (const KindAdvice* one : telling(all)) {
        text += fmt::format("    withName: {} {{  // {}\n", single_quoted(one_line(one->kind.step)), reasons(*one));
        if (one->cpu) text += fmt::format("        cpus = {:.0f}\n", one->cpu->advised);
        if (one->memory)
            text += fmt::format("        memory = {{ {}.MB * task.attempt }}\n", mebibytes(one->memory->advised));
        if (one->time) text += fmt::format("        time = {{ {}.m * task.attempt }}\n", minutes(one->time->advised));
        text += "    }\n";
    }
    return text + unsaid(all, "    //") + "}\n";
}

std::string snakemake_profile(std::span<const KindAdvice> all) {
    std::string threads, resources;
    for (const KindAdvice* one : telling(all)) {
        const std::string rule = yaml_key(one_line(one->kind.step));
        if (one->cpu) threads += fmt::format("  {}: {:.0f}\n", rule, one->cpu->advised);
        resources += fmt::format("  {}:  # {}\n", rule, reasons(*one));
        if (one->memory) resources += fmt::format("    mem_mb: {} * attempt\n", mebibytes(one->memory->advised));
        if (one->time) resources += fmt::format("    runtime: {} * attempt\n", minutes(one->time->advised));
    }
    std::string text = "retries: 3\n";
    if (!threads.empty()) text += "set-threads:\n" + threads;
    if (!resources.empty()) text += "set-resources:\n" + resources;
    return text + unsaid(all, "#");
}

std::string snakemake7_profile(std::span<const KindAdvice> all) {
    std::string threads, resources;
    for (const KindAdvice* one : telling(all)) {
        const std::string rule = one_line(one->kind.step);
        const auto item = [&](std::string_view entry) {
            return fmt::format("  - {}\n", yaml_key(rule + std::string(entry)));
        };
        if (one->cpu) threads += item(fmt::format("={:.0f}", one->cpu->advised));
        resources += fmt::format("  # {}: {}\n", rule, reasons(*one));
        if (one->memory) resources += item(fmt::format(":mem_mb={}", mebibytes(one->memory->advised)));
        if (one->time) resources += item(fmt::format(":runtime={}", minutes(one->time->advised)));
    }
    std::string text;
    if (!threads.empty()) text += "set-threads:\n" + threads;
    if (!resources.empty()) text += "set-resources:\n" + resources;
    return text + unsaid(all, "#");
}

std::string sbatch_lines(std::span<const KindAdvice> all) {
    std::string text;
    for (const KindAdvice* one : telling(all)) {
        text += fmt::format("# {}: {}\n", one_line(one->kind.step), reasons(*one));
        if (one->memory) text += fmt::format("#SBATCH --mem={}M\n", mebibytes(one->memory->advised));
        if (one->cpu) text += fmt::format("#SBATCH --cpus-per-task={:.0f}\n", one->cpu->advised);
        if (one->time) text += fmt::format("#SBATCH --time={}\n", clock_time(one->time->advised));
        text += '\n';
    }
    return text + unsaid(all, "#");
}

}  // namespace plimsoll::advise
