// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/exchange/sacct.h"

#include <fmt/format.h>

#include <optional>

#include "plimsoll/exchange/sacct_job.h"
#include "plimsoll/exchange/sacct_table.h"

namespace plimsoll::exchange {
namespace {

using Column = SacctColumn;

/// Rows in, jobs out. One job is open at a time: its own row and those of its steps stand together.
class Reading {
public:
    Reading(Lines& lines, Into& into) : lines_(lines), into_(into) {}

    void set_table(SacctTable table) { table_.emplace(std::move(table)); }

    Result<void> read(std::string_view line) {
        ++into_.account.rows;
        if (!table_->lay_out(line)) return refuse_shape(line);
        const std::optional<SacctId> id = sacct_id(table_->field(Column::job_id));
        if (!id) return refuse(line, Column::job_id, "'{}' is no job's id; 4711, 4711_3, 4711+0 or 4711.batch is");
        if (id->step.empty()) {
            PLIM_TRY(finish());
            return begin(line, *id);
        }
        if (job_ && job_->id == id->job) return add_step(line, id->step);
        if (id->job != passed_over_)
            into_.account.skip("a step whose job has no row before it", lines_.name(), lines_.number());
        return {};
    }

    /// The job that is open is complete.
    Result<void> finish() {
        if (!job_) return {};
        const SacctJob job = std::move(*job_);
        job_.reset();
        if (!PLIM_TRY(into_.add(imported_of(job, into_.names, into_.next_task)))) return {};
        ++into_.next_task;
        for (const std::string_view words : notes_of(job)) into_.account.note(words, lines_.name(), job.line);
        return {};
    }

private:
    Result<void> begin(std::string_view line, const SacctId& id) {
        passed_over_.assign(id.job);
        SacctJob job{.id = std::string(id.job), .line = lines_.number()};
        if (const std::optional<Fault> fault = read_job(*table_, job)) return refuse(line, fault->column, fault->why);
        if (const std::string_view reason = reason_to_skip(job); !reason.empty()) {
            into_.account.skip(reason, lines_.name(), lines_.number());
            return {};
        }
        job_ = std::move(job);
        return {};
    }

    Result<void> add_step(std::string_view line, std::string_view step) {
        if (const std::optional<Fault> fault = read_step(*table_, step, *job_)) {
            job_.reset();  // what its steps used is not known
            return refuse(line, fault->column, fault->why);
        }
        return {};
    }

    Result<void> refuse(std::string_view line, Column column, std::string_view why) {
        const std::string field(table_->field(column).substr(0, 40));
        into_.account.refuse(lines_.name(), lines_.number(), table_->column_of(column, line),
                             fmt::format(fmt::runtime(why), field));
        return {};
    }
    Result<void> refuse_shape(std::string_view line) {
        into_.account.refuse(
            lines_.name(), lines_.number(), line.size() + 1,
            fmt::format("{} fields where the header names {}; dump it again, without names that hold line ends",
                        table_->fields_seen(), table_->columns()));
        return {};
    }

    Lines& lines_;
    std::optional<SacctTable> table_;
    Into& into_;
    std::optional<SacctJob> job_;
    std::string passed_over_;  ///< the job whose steps need not be told of
};

}  // namespace

Result<void> read_sacct(Lines& lines, const ReadOptions& options, Into& into) {
    Reading reading(lines, into);
    bool has_table = false;
    if (!options.columns.empty()) {
        Result<SacctTable> table = SacctTable::of_format(options.columns);
        if (!table) return table.error().within("--format");
        reading.set_table(std::move(*table));
        has_table = true;
    }
    while (const std::optional<std::string_view> line = PLIM_TRY(lines.next())) {
        if (line->empty()) continue;
        if (has_table && !is_sacct_header(*line)) {
            PLIM_TRY(reading.read(*line));
            continue;
        }
        Result<SacctTable> table = SacctTable::of_header(*line);
        if (!table) return table.error().within(fmt::format("{}:{}:1", lines.name(), lines.number()));
        PLIM_TRY(reading.finish());
        reading.set_table(std::move(*table));
        has_table = true;
    }
    if (!has_table) return invalid(lines.name() + ":1:1: the file is empty; write sacct's output to it");
    return reading.finish();
}

}  // namespace plimsoll::exchange
