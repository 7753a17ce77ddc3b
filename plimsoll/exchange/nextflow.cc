// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/exchange/nextflow.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <unordered_map>

#include "plimsoll/base/hash.h"
#include "plimsoll/exchange/kind_names.h"
#include "plimsoll/exchange/nextflow_fields.h"
#include "plimsoll/exchange/table.h"

namespace plimsoll::exchange {
namespace {

constexpr std::string_view no_memory = "'{}' is no amount of memory; a trace writes bytes or 29.8 MB";
constexpr std::string_view no_time = "'{}' is no time; a trace writes ms or 1m 30s";
constexpr std::string_view no_percent = "'{}' is no percentage; a trace writes 119.6 or 119.6%";
constexpr Duration longest = std::chrono::hours(24 * 365 * 30);  ///< more is a clock that was set
constexpr int killed = 137;  // 128 + SIGKILL: how a container or a cgroup ends what is out of memory

using Place = std::optional<std::size_t>;

struct Columns {
    explicit Columns(const Table& table)
        : process(table.column("process")),
          name(table.column("name")),
          status(table.column("status")),
          exit(table.column("exit")),
          hash(table.column("hash")),
          native_id(table.column("native_id")),
          submit(table.column("submit")),
          start(table.column("start")),
          complete(table.column("complete")),
          duration(table.column("duration")),
          realtime(table.column("realtime")),
          cpu_percent(table.column("%cpu")),
          peak_rss(table.column("peak_rss")),
          rss(table.column("rss")),
          rchar(table.column("rchar")),
          read_bytes(table.column("read_bytes")),
          write_bytes(table.column("write_bytes")),
          cpus(table.column("cpus")),
          memory(table.column("memory")),
          time(table.column("time")),
          disk(table.column("disk")),
          attempt(table.column("attempt")),
          script(table.column("script")),
          cpu_model(table.column("cpu_model")) {}
    Place process, name, status, exit, hash, native_id, submit, start, complete, duration, realtime, cpu_percent,
        peak_rss, rss, rchar, read_bytes, write_bytes, cpus, memory, time, disk, attempt, script, cpu_model;
};

/// What could not be read in a row: where, and why ("'{}' is no ..." takes the field).
struct Fault {
    Place column;
    std::string_view why;
};

int whole(std::string_view text, int otherwise) {
    int number = otherwise;
    (void)std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// "NFCORE_RNASEQ:RNASEQ:ALIGN" is the pipeline's whose name comes first.
std::string workflow_of(std::string_view process, const ReadOptions& options) {
    if (!options.workflow.empty()) return options.workflow;
    const std::size_t colon = process.find(':');
    if (colon == std::string_view::npos) return "nextflow";
    std::string name(process.substr(0, colon));
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return name;
}

class Reading {
public:
    Reading(Lines& lines, const ReadOptions& options, Into& into, Table table)
        : lines_(lines), options_(options), into_(into), table_(std::move(table)), at_(table_) {}

    Result<void> read(std::string_view line) {
        ++into_.account.rows;
        if (!table_.lay_out(line)) {
            into_.account.refuse(lines_.name(), lines_.number(), line.size() + 1,
                                 fmt::format("{} fields where the first line names {}; leave the row out",
                                             table_.fields_seen(), table_.names().size()));
            return {};
        }
        const std::string_view status = field(at_.status);
        if (status == "CACHED") return skip("cached: it ran in an earlier run");
        if (status != "COMPLETED" && status != "FAILED" && status != "ABORTED") return skip("had not ended");
        if (status == "ABORTED") return skip("aborted: says nothing about what it needed");
        Imported imported;
        if (const auto fault = read_amounts(imported.attempt)) return refuse(*fault);
        if (imported.attempt.profile.runtime <= Duration::zero()) return skip("no runtime told");
        describe(imported.attempt);
        imported.identity = identity_of(line);
        return take(imported);
    }

private:
    std::string_view field(const Place& column) const { return table_.field(column); }

    /// Fills `into` from the field where there is one; false where it cannot be read.
    template <class Value, class Parse>
    bool read_field(const Place& column, Parse parse, Value& into) const {
        const std::string_view text = field(column);
        // Clocks that are set back make negative times: these tell nothing.
        if (text.empty() || text.front() == '-') return true;
        const auto value = parse(text);
        if (value) into = *value;
        return value.has_value();
    }

    std::optional<Fault> read_amounts(AttemptRecord& attempt) const {
        Profile& profile = attempt.profile;
        Bytes rss{}, read{};
        const std::pair<Place, Bytes*> amounts[] = {{at_.peak_rss, &profile.memory_peak},
                                                    {at_.rss, &rss},
                                                    {at_.rchar, &read},
                                                    {at_.read_bytes, &profile.read_bytes},
                                                    {at_.write_bytes, &profile.write_bytes}};
        for (const auto& [column, amount] : amounts)
            if (!read_field(column, nextflow_bytes, *amount)) return Fault{column, no_memory};
        if (profile.memory_peak == Bytes{}) profile.memory_peak = rss;
        profile.memory_high_water = profile.memory_peak;
        attempt.features.input_bytes = read;
        if (!read_field(at_.memory, nextflow_bytes, attempt.request.memory)) return Fault{at_.memory, no_memory};
        if (!read_field(at_.disk, nextflow_bytes, attempt.request.disk)) return Fault{at_.disk, no_memory};
        if (!read_field(at_.time, nextflow_duration, attempt.request.time)) return Fault{at_.time, no_time};
        double percent = 0;
        if (!read_field(at_.cpu_percent, nextflow_percent, percent)) return Fault{at_.cpu_percent, no_percent};
        if (const int cpus = whole(field(at_.cpus), 0); cpus > 0)
            attempt.request.cpu = Cores{static_cast<double>(cpus)};
        if (const auto fault = read_times(attempt)) return fault;
        profile.cpu = from_seconds(percent / 100 * seconds(profile.runtime));
        return std::nullopt;
    }

    std::optional<Fault> read_times(AttemptRecord& attempt) const {
        std::optional<WallTime> start, complete, submit;
        const std::pair<Place, std::optional<WallTime>*> instants[] = {
            {at_.start, &start}, {at_.complete, &complete}, {at_.submit, &submit}};
        for (const auto& [column, when] : instants)
            if (!read_field(column, nextflow_time, *when)) return Fault{column, no_time};
        Duration& runtime = attempt.profile.runtime;
        Duration duration{};
        if (!read_field(at_.realtime, nextflow_duration, runtime)) return Fault{at_.realtime, no_time};
        if (!read_field(at_.duration, nextflow_duration, duration)) return Fault{at_.duration, no_time};
        if (runtime == Duration::zero() && start && complete && *complete - *start < longest)
            runtime = *complete - *start;
        if (!start && submit) start = *submit + std::max(Duration::zero(), duration - runtime);
        if (!start && complete) start = *complete - runtime;
        attempt.started = start.value_or(WallTime{});
        attempt.ended = attempt.started + runtime;
        return std::nullopt;
    }

    void describe(AttemptRecord& attempt) {
        std::string_view process = field(at_.process);
        const std::string_view name = field(at_.name);
        if (process.empty()) process = name.substr(0, name.find(" ("));
        attempt.task_name = name.empty() ? process : name;
        attempt.kind = into_.names.kind(workflow_of(process, options_), process, field(at_.script));
        const std::string_view model = field(at_.cpu_model);
        attempt.features.machine = model.empty() ? "nextflow" : "nextflow " + std::string(model);
        attempt.features.input_count = 1;
        attempt.reserved.memory = attempt.request.memory.value_or(Bytes{});
        attempt.reserved.cpu = attempt.request.cpu.value_or(Cores{});
        attempt.reserved_time = attempt.request.time.value_or(Duration{});
        attempt.id.number = std::clamp(whole(field(at_.attempt), 1), 1, 1000);
        attempt.profile.source = "nextflow";
        attempt.shaping.reserved_byte_seconds =
            static_cast<double>(attempt.reserved.memory.count) * seconds(attempt.profile.runtime);
        attempt.shaping.reserved_core_seconds = attempt.reserved.cpu.count * seconds(attempt.profile.runtime);
        const int code = whole(field(at_.exit), 0);
        const bool finished = field(at_.status) == "COMPLETED";
        attempt.outcome = finished ? Outcome{.ending = Ending::finished}
                          : code == killed && attempt.request.memory
                              ? Outcome{.ending = Ending::out_of_memory, .code = code}
                              : Outcome{.ending = Ending::exit, .code = code};
    }

    std::uint64_t identity_of(std::string_view line) const {
        Hasher hasher;
        hasher.add_field("nextflow");
        if (field(at_.hash).empty() && field(at_.native_id).empty()) hasher.add_field(line);
        for (const Place& column : {at_.hash, at_.native_id, at_.name, at_.attempt}) hasher.add_field(field(column));
        const auto submitted = nextflow_time(field(at_.submit));
        hasher.add_field(submitted ? rfc3339(*submitted) : "");
        return hasher.digest().low;
    }

    Result<void> take(Imported& imported) {
        AttemptRecord& attempt = imported.attempt;
        const auto before = failed_.find(attempt.task_name);
        const bool again = attempt.id.number > 1 && before != failed_.end();
        attempt.id.task = again ? before->second : into_.next_task;
        const bool is_new = PLIM_TRY(into_.add(imported));
        if (is_new) note(attempt);
        if (attempt.outcome->ending != Ending::finished) failed_[attempt.task_name] = attempt.id.task;
        into_.next_task += is_new && !again;
        return {};
    }

    void note(const AttemptRecord& attempt) {
        const auto say = [this](std::string_view words) { into_.account.note(words, lines_.name(), lines_.number()); };
        if (attempt.outcome->ending == Ending::out_of_memory)
            say("killed (exit 137): taken as out of memory, they needed more than they had");
        else if (attempt.outcome->ending != Ending::finished)
            say("failed or were preempted: kept, but sizes are not learnt from them");
        else if (attempt.profile.memory_peak == Bytes{})
            say("no memory told, the runtime counts: ended before Nextflow looked");
        if (!attempt.request.memory)
            say("no request told: with memory, cpus and time among trace.fields, what they waste can be told");
        if (attempt.features.input_bytes > Bytes{})
            say("input size: what they read (rchar), for a trace does not tell the size of their files");
    }

    Result<void> skip(std::string_view reason) {
        into_.account.skip(reason, lines_.name(), lines_.number());
        return {};
    }
    Result<void> refuse(const Fault& fault) {
        const std::string text(field(fault.column).substr(0, 40));
        into_.account.refuse(lines_.name(), lines_.number(), table_.place(fault.column),
                             fmt::format(fmt::runtime(fault.why), text));
        return {};
    }

    Lines& lines_;
    const ReadOptions& options_;
    Into& into_;
    Table table_;
    Columns at_;
    std::unordered_map<std::string, TaskId> failed_;  ///< by name: may be tried again
};

}  // namespace

Result<void> read_nextflow(Lines& lines, const ReadOptions& options, Into& into) {
    const std::optional<std::string_view> header = PLIM_TRY(lines.next());
    Table table(header.value_or(""));
    const bool named = table.has("process") || table.has("name");
    if (!named || !table.has("status") || (!table.has("realtime") && !table.has("complete")))
        return invalid(
            fmt::format("{}:1:1: the first line does not name a trace's columns (process or name, status, "
                        "realtime); `nextflow run -with-trace` writes one",
                        lines.name()));
    Reading reading(lines, options, into, std::move(table));
    while (const std::optional<std::string_view> line = PLIM_TRY(lines.next()))
        if (!line->empty()) PLIM_TRY(reading.read(*line));
    return {};
}

}  // namespace plimsoll::exchange
