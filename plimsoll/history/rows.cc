// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/history/rows.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "plimsoll/history/codec.h"
#include "plimsoll/model/segment_codec.h"

namespace plimsoll::history {
namespace {

enum Which : std::size_t {
    put_kind,
    put_text,
    put_place,
    find_task,
    put_task,
    put_attempt,
    put_features,
    put_forecast,
    put_profile,
    untell,
    put_receipt,
    put_decision,
    end_run,
    statement_count
};

// An UPDATE that changes nothing makes INSERT ... RETURNING give the row that is there already.
constexpr std::array<std::string_view, statement_count> texts_of_statements = {
    "INSERT INTO kinds (workflow, step, tool) VALUES (?1, ?2, ?3)"
    " ON CONFLICT DO UPDATE SET tool = tool RETURNING id",
    "INSERT INTO texts (text) VALUES (?1) ON CONFLICT DO UPDATE SET text = text RETURNING id",
    "INSERT INTO places (folder, workflow) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET folder = folder RETURNING id",
    "SELECT 1 FROM tasks WHERE run = ?1 AND task = ?2",
    "INSERT INTO tasks (run, task, name, kind, state, attempts, reason, request_cpu, request_memory, request_time,"
    " request_disk, request_gpu, queue) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
    " ON CONFLICT DO UPDATE SET state = excluded.state, attempts = excluded.attempts, reason = excluded.reason,"
    " queue = excluded.queue",
    "INSERT INTO attempts (kind, run, task, number, started, ended, ending, code, detail, reserved_cpu, "
    "reserved_memory,"
    " reserved_others, reserved_time, grp, log, command, grown, frozen, frozen_time, reserved_byte_seconds,"
    " reserved_core_seconds, waited, waited_after, waited_lack)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,"
    " ?23, ?24)"
    " ON CONFLICT DO UPDATE SET ended = excluded.ended, ending = excluded.ending, code = excluded.code, detail = "
    "excluded.detail,"
    " reserved_cpu = excluded.reserved_cpu, reserved_memory = excluded.reserved_memory,"
    " reserved_others = excluded.reserved_others, grp = excluded.grp, log = excluded.log,"
    " grown = excluded.grown, frozen = excluded.frozen, frozen_time = excluded.frozen_time,"
    " reserved_byte_seconds = excluded.reserved_byte_seconds, reserved_core_seconds = excluded.reserved_core_seconds",
    "INSERT INTO features VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
    "INSERT INTO forecasts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, "
    "?19, ?20)"
    " ON CONFLICT DO NOTHING",
    "INSERT OR REPLACE INTO profiles (kind, run, task, number, runtime, cpu, cpu_peak, memory_peak, memory_high_water,"
    " memory_byte_seconds, read_bytes, write_bytes, read_operations, write_operations, network_in, network_out,"
    " memory_stall, cpu_stall, io_stall, processes_peak, threads_peak, samples, source, segments)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,"
    " ?23, ?24)",
    "DELETE FROM told WHERE kind = ?1 AND run = ?2 AND task = ?3 AND attempt = ?4",
    "INSERT INTO receipts (place, task_name, files) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET files = "
    "excluded.files",
    "INSERT INTO decisions (run, task, attempt, at, action, subject, old_value, new_value, reason, model, samples, "
    "confidence)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    "UPDATE runs SET state = ?2, ended = ?3 WHERE number = ?1",
};

/// Amounts other than cpu and memory, as parse_resources reads them; nothing when all are 0.
std::optional<std::string> others_of(const Resources& amounts) {
    std::string text;
    for (int at = 0; at < resource_kind_count; ++at) {
        const auto kind = static_cast<ResourceKind>(at);
        const double amount = amounts.amount(kind);
        if (amount == 0 || kind == ResourceKind::cpu || kind == ResourceKind::memory) continue;
        const bool is_fraction = kind == ResourceKind::gpu || kind == ResourceKind::iops;
        if (!text.empty()) text += ' ';
        text +=
            is_fraction ? fmt::format("{}={}", name_of(kind), amount) : fmt::format("{}={:.0f}", name_of(kind), amount);
    }
    if (text.empty()) return std::nullopt;
    return text;
}

bool was_watched(const AttemptRecord& attempt) {
    return attempt.outcome && attempt.outcome->ending != Ending::lost && attempt.outcome->ending != Ending::not_started;
}

}  // namespace

Result<std::int64_t> insert_run(const Connection& connection, const RunRecord& run) {
    Statement insert =
        PLIM_TRY(connection.prepare("INSERT INTO runs (id, workflow, file, folder, machine, version, started, ended, "
                                    "state, owner_pid, owner_start_ticks, owner_boot_id, cpu, memory, source)"
                                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
                                    " RETURNING number"));
    const auto source = run.source.empty() ? std::nullopt : std::optional(run.source);
    const auto number = PLIM_TRY(insert.number(run.id, run.workflow, run.file, run.folder, run.machine, run.version,
                                               run.started, run.ended, name_of(run.state), run.owner.pid,
                                               static_cast<std::int64_t>(run.owner.start_ticks), run.owner.boot_id,
                                               run.capacity.cpu, run.capacity.memory, source));
    return number.value_or(0);
}

Result<RunRows> RunRows::prepare(const Connection& connection, std::int64_t run_number, const RunRecord& run) {
    RunRows rows(run_number, run);
    for (const std::string_view sql : texts_of_statements)
        rows.statements_.push_back(PLIM_TRY(connection.prepare(sql)));
    return rows;
}

Result<void> RunRows::write(const Entry& entry) {
    return std::visit([this](const auto& one) { return write_row(one); }, entry);
}

Result<void> RunRows::write_imported(const TaskRecord& task, const AttemptRecord& attempt) {
    PLIM_TRY(write_task(task));
    const AttemptKey key = PLIM_TRY(write_attempt(attempt));
    PLIM_TRY(write_features(key, attempt.features));
    return write_profile(key, attempt.profile);
}

void RunRows::forget_ids() {
    kinds_.clear();
    texts_.clear();
    place_.reset();
    announced_.clear();
}

Result<void> RunRows::write_row(const AttemptStarted& started) {
    const AttemptKey key = PLIM_TRY(write_attempt(started.attempt));
    PLIM_TRY(write_features(key, started.attempt.features));
    return write_forecast(key, started.attempt.forecast);
}

Result<void> RunRows::write_row(const AttemptEnded& ended) {
    const AttemptKey key = PLIM_TRY(write_attempt(ended.attempt));
    PLIM_TRY(write_features(key, ended.attempt.features));
    PLIM_TRY(write_forecast(key, ended.attempt.forecast));
    if (was_watched(ended.attempt)) PLIM_TRY(write_profile(key, ended.attempt.profile));
    // Models would take what was left of the task for the whole.
    if (ended.attempt.is_resumed) return statements_[untell].run(key.kind, run_, key.task, key.number);
    return {};
}

Result<void> RunRows::write_row(const TaskChanged& changed) { return write_task(changed.task); }

Result<void> RunRows::write_task(const TaskRecord& task) {
    const Request& request = task.request;
    const std::int64_t kind = PLIM_TRY(kind_id(task.kind));
    std::optional<std::int64_t> queue;
    if (!task.queue.empty()) queue = PLIM_TRY(text_id(task.queue));
    PLIM_TRY(statements_[put_task].run(run_, task.id, task.name, kind, name_of(task.state), task.attempts, task.reason,
                                       request.cpu, request.memory, request.time, request.disk, request.gpu, queue));
    if (announced_.size() <= task.id) announced_.resize(task.id + 1);
    announced_[task.id] = true;
    return {};
}

Result<void> RunRows::write_row(const TaskSealed& sealed) {
    return statements_[put_receipt].run(PLIM_TRY(place_id()), sealed.receipt.task_name,
                                        Blob{encode_receipt(sealed.receipt)});
}

Result<void> RunRows::write_row(const Decided& decided) {
    const Decision& decision = decided.decision;
    return statements_[put_decision].run(run_, decision.task, decision.attempt, decision.at,
                                         PLIM_TRY(text_id(decision.action)), PLIM_TRY(text_id(decision.subject)),
                                         decision.old_value, decision.new_value, decision.reason,
                                         PLIM_TRY(text_id(decision.model)), decision.samples, decision.confidence);
}

Result<void> RunRows::write_row(const RunEnded& ended) {
    return statements_[end_run].run(run_, name_of(ended.state), ended.at);
}

Result<RunRows::AttemptKey> RunRows::write_attempt(const AttemptRecord& attempt) {
    const AttemptKey key{.kind = PLIM_TRY(kind_id(attempt.kind)), .task = attempt.id.task, .number = attempt.id.number};
    PLIM_TRY(announce(attempt, key.kind));
    std::optional<std::string_view> ending, detail;
    std::optional<int> code;
    if (attempt.outcome) {
        ending = name_of(attempt.outcome->ending);
        code = attempt.outcome->code;
        if (!attempt.outcome->detail.empty()) detail = attempt.outcome->detail;
    }
    std::optional<Duration> waited;
    std::optional<TaskId> waited_after;
    std::optional<std::string_view> lack;
    if (attempt.wait) {
        waited = attempt.wait->time;
        waited_after = attempt.wait->after;
        lack = attempt.wait->lack;
    }
    PLIM_TRY(statements_[put_attempt].run(key.kind, run_, key.task, key.number, attempt.started, attempt.ended, ending,
                                          code, detail, attempt.reserved.cpu, attempt.reserved.memory,
                                          others_of(attempt.reserved), attempt.reserved_time, attempt.group,
                                          attempt.log, attempt.command, attempt.shaping.grown, attempt.shaping.frozen,
                                          attempt.shaping.frozen_time, attempt.shaping.reserved_byte_seconds,
                                          attempt.shaping.reserved_core_seconds, waited, waited_after, lack));
    return key;
}

/// The task's row, where no TaskChanged came before its attempt.
Result<void> RunRows::announce(const AttemptRecord& attempt, std::int64_t kind) {
    const TaskId task = attempt.id.task;
    if (task < announced_.size() && announced_[task]) return {};
    if (announced_.size() <= task) announced_.resize(task + 1);
    if (!PLIM_TRY(statements_[find_task].number(run_, task))) {
        const Request& request = attempt.request;
        PLIM_TRY(statements_[put_task].run(run_, task, attempt.task_name, kind, name_of(TaskState::running),
                                           attempt.id.number, "", request.cpu, request.memory, request.time,
                                           request.disk, request.gpu, std::optional<std::int64_t>()));
    }
    announced_[task] = true;
    return {};
}

Result<void> RunRows::write_features(const AttemptKey& key, const Features& features) {
    const std::string numbers = encode_numbers(features.numbers);
    const auto stored = features.numbers.empty() ? std::nullopt : std::optional(Blob{numbers});
    return statements_[put_features].run(key.kind, run_, key.task, key.number, features.input_bytes,
                                         features.input_count, PLIM_TRY(text_id(features.machine)), stored);
}

Result<void> RunRows::write_forecast(const AttemptKey& key, const Forecast& forecast) {
    const std::string curve = encode_segments(forecast.curve);
    const auto stored = forecast.curve.empty() ? std::nullopt : std::optional(Blob{curve});
    const Estimate& memory = forecast.memory;
    const Estimate& cpu = forecast.cpu;
    const Estimate& runtime = forecast.runtime;
    return statements_[put_forecast].run(key.kind, run_, key.task, key.number, memory.p50, memory.bound, memory.stated,
                                         memory.measured, cpu.p50, cpu.bound, cpu.stated, cpu.measured, runtime.p50,
                                         runtime.bound, runtime.stated, runtime.measured, name_of(forecast.source),
                                         PLIM_TRY(text_id(forecast.model)), forecast.samples, stored);
}

Result<void> RunRows::write_profile(const AttemptKey& key, const Profile& profile) {
    const std::string segments = encode_segments(profile.segments);
    std::optional<Blob> stored;
    if (!profile.segments.empty()) stored = Blob{segments};
    return statements_[put_profile].run(
        key.kind, run_, key.task, key.number, profile.runtime, profile.cpu, profile.cpu_peak, profile.memory_peak,
        profile.memory_high_water, profile.memory_byte_seconds, profile.read_bytes, profile.write_bytes,
        static_cast<std::int64_t>(profile.read_operations), static_cast<std::int64_t>(profile.write_operations),
        profile.network_in, profile.network_out, profile.memory_stall, profile.cpu_stall, profile.io_stall,
        profile.processes_peak, profile.threads_peak, profile.samples, PLIM_TRY(text_id(profile.source)), stored);
}

Result<std::int64_t> RunRows::kind_id(const TaskKind& kind) {
    if (const auto known = kinds_.find(kind); known != kinds_.end()) return known->second;
    const auto id = PLIM_TRY(statements_[put_kind].number(kind.workflow, kind.step, kind.tool));
    return kinds_.emplace(kind, id.value_or(0)).first->second;
}

Result<std::int64_t> RunRows::text_id(const std::string& text) {
    if (const auto known = texts_.find(text); known != texts_.end()) return known->second;
    const auto id = PLIM_TRY(statements_[put_text].number(text));
    return texts_.emplace(text, id.value_or(0)).first->second;
}

Result<std::int64_t> RunRows::place_id() {
    if (!place_) place_ = PLIM_TRY(statements_[put_place].number(folder_, workflow_));
    return place_.value_or(0);
}

}  // namespace plimsoll::history
