// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/exchange/sacct_job.h"

#include <algorithm>
#include <charconv>

#include "plimsoll/base/hash.h"

namespace plimsoll::exchange {
namespace {

using Column = SacctColumn;

// More than these is a mistake in the dump; sums of what is within fit into 64 bits.
constexpr double tasks_most = 4096, cpus_most = 1e6;
constexpr Bytes peak_most{std::int64_t{1} << 50};
constexpr std::string_view no_number = "'{}' is no number; leave the row out, or dump it again";
constexpr std::string_view no_memory = "'{}' is no amount of memory; sacct writes 1234K, 12.3M or 1G";
constexpr std::string_view no_time = "'{}' is no time; sacct writes 1-02:03:04, 02:03:04 or 03:04.567";
constexpr std::string_view no_state = "'{}' is no state of a job that is known here; leave the row out";

/// Amounts that need not be there: an empty field and what sacct writes for "unknown" leave the value alone.
bool is_absent(std::string_view field) {
    return field.empty() || field == "Unknown" || field == "None" || field == "?";
}

/// exit code and signal of "1:0"
void read_exit(std::string_view field, SacctJob& job) {
    const std::size_t colon = field.find(':');
    if (colon == std::string_view::npos) return;
    const std::string_view code = field.substr(0, colon), signal = field.substr(colon + 1);
    (void)std::from_chars(code.data(), code.data() + code.size(), job.exit_code);
    (void)std::from_chars(signal.data(), signal.data() + signal.size(), job.signal);
}

std::optional<Fault> read_times(const SacctTable& row, SacctJob& job) {
    const std::string_view elapsed = row.field(Column::elapsed), raw = row.field(Column::elapsed_raw);
    if (const auto span = sacct_duration(is_absent(elapsed) ? raw : elapsed)) job.elapsed = *span;
    else if (!is_absent(elapsed)) return Fault{Column::elapsed, no_time};
    else if (!is_absent(raw)) return Fault{Column::elapsed_raw, no_time};
    job.start = sacct_time(row.field(Column::start));
    job.end = sacct_time(row.field(Column::end));
    job.submit = sacct_time(row.field(Column::submit));
    if (const auto limit = sacct_duration(row.field(Column::timelimit))) job.request.time = *limit;
    else if (const auto minutes = sacct_number(row.field(Column::timelimit_raw)))
        job.request.time = from_seconds(60 * *minutes);
    return std::nullopt;
}

/// ReqMem says what was asked for; where it says nothing, ReqTRES, then AllocTRES do.
std::optional<Fault> read_request(const SacctTable& row, SacctJob& job) {
    const std::string_view asked = row.field(Column::req_tres), given = row.field(Column::alloc_tres);
    const auto of_tres = [&](std::string_view name) {
        const std::string_view value = tres_value(asked, name);
        return value.empty() ? tres_value(given, name) : value;
    };
    for (const Column column : {Column::req_cpus, Column::alloc_cpus})
        if (const auto cpus = sacct_number(row.field(column)); cpus && job.cpus == 0)
            job.cpus = std::min(*cpus, cpus_most);
    if (const auto cpus = sacct_number(of_tres("cpu")); cpus && job.cpus == 0) job.cpus = std::min(*cpus, cpus_most);
    if (const auto nodes = sacct_number(row.field(Column::nodes))) job.nodes = *nodes;
    else if (const auto counted = sacct_number(tres_value(given, "node"))) job.nodes = *counted;
    if (job.cpus > 0) job.request.cpu = Cores{job.cpus};
    const std::string_view memory = row.field(Column::req_mem);
    job.request.memory = sacct_requested(memory, job.cpus, job.nodes);
    if (!job.request.memory && !is_absent(memory) && !memory.starts_with('0')) return Fault{Column::req_mem, no_memory};
    if (!job.request.memory) job.request.memory = sacct_requested(of_tres("mem"), job.cpus, job.nodes);
    if (const double gpus = std::max(tres_gpus(asked), tres_gpus(given)); gpus > 0) job.request.gpu = gpus;
    return std::nullopt;
}

std::optional<Fault> read_cpu(const SacctTable& row, Duration& cpu) {
    const std::string_view total = row.field(Column::total_cpu);
    const std::string_view counted = tres_value(row.field(Column::tres_usage_total), "cpu");
    if (const auto span = sacct_duration(is_absent(total) ? counted : total)) cpu = *span;
    else if (!is_absent(total)) return Fault{Column::total_cpu, no_time};
    return std::nullopt;
}

/// Of all tasks of the step: their sum where it is told, else the largest one's times their number.
std::optional<Fault> read_peak(const SacctTable& row, Bytes& peak) {
    const std::string_view largest = row.field(Column::max_rss);
    const auto of_one = sacct_bytes(largest);
    if (!of_one && !is_absent(largest)) return Fault{Column::max_rss, no_memory};
    const std::string_view tasks = row.field(Column::tasks);
    const auto count = sacct_number(tasks);
    if (!count && !is_absent(tasks)) return Fault{Column::tasks, no_number};
    const double times = std::max(1.0, std::min(count.value_or(1), tasks_most));
    peak = std::min(of_one.value_or(Bytes{}) * times, peak_most);
    if (const auto sum = sacct_bytes(tres_value(row.field(Column::tres_usage_total), "mem")))
        peak = std::max(*sum, of_one.value_or(Bytes{}));
    return std::nullopt;
}

double bytes_of(Bytes amount) { return static_cast<double>(amount.count); }

bool is_uuid(std::string_view name) { return name.size() == 36 && name[8] == '-' && name[13] == '-'; }

/// Snakemake's executor for Slurm names all jobs of a run alike and puts the rule into the comment:
/// "rule_align_wildcards_s1", or "align".
std::string_view rule_of(std::string_view comment) {
    if (comment.starts_with("rule_")) comment.remove_prefix(5);
    return comment.substr(0, comment.find("_wildcards_"));
}

Outcome outcome_of(const SacctJob& job) {
    const bool step_ran_out =
        std::any_of(job.steps.begin(), job.steps.end(), [](const SacctStep& step) { return step.out_of_memory; });
    switch (job.state) {
        case SacctState::completed: return {.ending = Ending::finished};
        case SacctState::out_of_memory: return {.ending = Ending::out_of_memory, .code = job.signal};
        case SacctState::timeout: return {.ending = Ending::timeout};
        case SacctState::preempted: return {.ending = Ending::preempted};
        case SacctState::node_fail: return {.ending = Ending::lost};
        default: break;
    }
    // 0:125 is how Slurm writes "out of memory" where the state is another.
    if (step_ran_out || job.signal == 125) return {.ending = Ending::out_of_memory, .code = job.signal};
    if (job.signal != 0) return {.ending = Ending::signal, .code = job.signal};
    return {.ending = Ending::exit, .code = job.exit_code};
}

std::uint64_t identity_of(const SacctJob& job) {
    Hasher hasher;
    for (const std::string_view field : {std::string_view("sacct"), std::string_view(job.id)}) hasher.add_field(field);
    const std::optional<WallTime> when = job.start ? job.start : job.submit ? job.submit : job.end;
    if (when) hasher.add_field(rfc3339(*when));
    else hasher.add_field(job.name + "\n" + job.user + "\n" + std::to_string(job.elapsed.count()));
    return hasher.digest().low;
}

bool is_numbered(std::string_view step) { return !step.empty() && step.front() >= '0' && step.front() <= '9'; }

}  // namespace

std::optional<Fault> read_job(const SacctTable& row, SacctJob& job) {
    job.name = row.field(Column::job_name);
    job.user = row.field(Column::user);
    job.cluster = row.field(Column::cluster);
    job.comment = row.field(Column::comment);
    const auto state = sacct_state(row.field(Column::state));
    if (!state) return Fault{Column::state, no_state};
    job.state = *state;
    read_exit(row.field(Column::exit_code), job);
    if (const auto fault = read_times(row, job)) return fault;
    if (const auto fault = read_request(row, job)) return fault;
    if (const auto fault = read_cpu(row, job.cpu)) return fault;
    SacctStep whole;  // where somebody has put a job's use on its own row
    if (const auto fault = read_peak(row, whole.peak)) return fault;
    if (whole.peak > Bytes{}) job.steps.push_back(whole);
    return std::nullopt;
}

std::optional<Fault> read_step(const SacctTable& row, std::string_view step, SacctJob& job) {
    job.has_steps = true;
    SacctStep one{.numbered = is_numbered(step),
                  .out_of_memory = sacct_state(row.field(Column::state)) == SacctState::out_of_memory,
                  .start = sacct_time(row.field(Column::start)),
                  .end = sacct_time(row.field(Column::end))};
    if (const auto fault = read_peak(row, one.peak)) return fault;
    Duration cpu{};
    if (const auto fault = read_cpu(row, cpu)) return fault;
    job.steps_cpu = std::min<Duration>(job.steps_cpu + cpu, std::chrono::hours(24 * 365 * 30));
    job.steps.push_back(one);
    return std::nullopt;
}

std::string_view reason_to_skip(const SacctJob& job) {
    if (job.id.find('[') != std::string::npos || job.state == SacctState::not_ended) return "had not ended";
    if (job.state == SacctState::cancelled) return "cancelled: says nothing about what it needed";
    if (job.state == SacctState::node_fail) return "its node failed";
    if (job.elapsed <= Duration::zero()) return "never ran";
    if (job.nodes > 1) return "ran on several nodes: what each of them held is not told";
    return {};
}

std::vector<std::string_view> notes_of(const SacctJob& job) {
    std::vector<std::string_view> notes;
    const Bytes peak = peak_of(job.steps);
    const Ending ending = outcome_of(job).ending;
    if (ending == Ending::out_of_memory) notes.push_back("ran out of memory: they needed more than they had");
    else if (ending == Ending::timeout) notes.push_back("ran out of time: they needed longer than they had");
    else if (ending != Ending::finished)
        notes.push_back("failed or were preempted: kept, but sizes are not learnt from them");
    else if (peak == Bytes{} && !job.has_steps)
        notes.push_back("no memory told, the runtime counts: the dump has no steps (sacct without -X has them)");
    else if (peak == Bytes{}) notes.push_back("no memory told, the runtime counts: ended before Slurm looked");
    else if (job.request.memory && peak >= *job.request.memory * 0.99 && peak <= *job.request.memory * 1.01)
        notes.push_back("stood at the limit and finished: page cache is probably counted, so they may need less");
    return notes;
}

Imported imported_of(const SacctJob& job, KindNames& names, TaskId task) {
    Imported imported{.identity = identity_of(job), .attempt = {}};
    AttemptRecord& attempt = imported.attempt;
    attempt.id = {.task = task, .number = 1};
    attempt.task_name = job.name + "[" + job.id + "]";
    const std::string_view workflow = job.user.empty() ? std::string_view("slurm") : std::string_view(job.user);
    const bool is_rule = is_uuid(job.name) && !job.comment.empty();
    attempt.kind = is_rule ? names.kind(workflow, rule_of(job.comment), "") : names.kind_of_job(workflow, job.name);
    attempt.features.machine = job.cluster.empty() ? "slurm" : "slurm " + job.cluster;
    attempt.request = job.request;
    attempt.reserved.memory = job.request.memory.value_or(Bytes{});
    attempt.reserved.cpu = job.request.cpu.value_or(Cores{});
    attempt.reserved.gpu = job.request.gpu.value_or(0);
    attempt.reserved_time = job.request.time.value_or(Duration{});
    attempt.outcome = outcome_of(job);
    attempt.profile.runtime = job.elapsed;
    attempt.profile.cpu = job.cpu > Duration::zero() ? job.cpu : job.steps_cpu;
    attempt.profile.memory_peak = attempt.profile.memory_high_water = peak_of(job.steps);
    attempt.profile.source = "sacct";
    attempt.started = job.start ? *job.start : job.end ? *job.end - job.elapsed : job.submit.value_or(WallTime{});
    attempt.ended = attempt.started + job.elapsed;
    attempt.shaping.reserved_byte_seconds = static_cast<double>(attempt.reserved.memory.count) * seconds(job.elapsed);
    attempt.shaping.reserved_core_seconds = attempt.reserved.cpu.count * seconds(job.elapsed);
    return imported;
}

Bytes peak_of(const std::vector<SacctStep>& steps) {
    Bytes beside{}, largest{};
    std::vector<std::pair<WallTime, Bytes>> changes;
    for (const SacctStep& step : steps) {
        if (!step.numbered) beside = std::min(beside + step.peak, peak_most);
        else largest = std::max(largest, step.peak);
        if (!step.numbered || !step.start || !step.end || *step.end <= *step.start) continue;
        changes.emplace_back(*step.start, step.peak);
        changes.emplace_back(*step.end, Bytes{} - step.peak);
    }
    std::sort(changes.begin(), changes.end());  // at one instant what ends goes first
    double together = 0;
    for (const auto& [when, change] : changes) {
        together += static_cast<double>(change.count);
        largest = std::max(largest, Bytes{static_cast<std::int64_t>(std::min(together, bytes_of(peak_most)))});
    }
    return beside + largest;
}

}  // namespace plimsoll::exchange
