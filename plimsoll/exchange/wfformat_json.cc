// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <unordered_map>
#include <vector>

#include <nlohmann/json.hpp>

#include "plimsoll/base/hash.h"
#include "plimsoll/exchange/kind_names.h"
#include "plimsoll/exchange/sacct_fields.h"
#include "plimsoll/exchange/wfformat.h"

namespace plimsoll::exchange {
namespace {

using Json = nlohmann::json;

constexpr double number_most = 1e15;  ///< bytes; beyond it nobody has measured
constexpr double seconds_most = 1e9;

struct WfTask {
    std::string name, program, machine;
    std::size_t line = 0;
    double runtime_s = 0, cores = 0, cpu_percent = 0, memory = 0, read = 0, written = 0, input_bytes = 0;
    std::uint32_t inputs = 0;
    std::vector<std::string> input_files;
    std::optional<WallTime> started;
    bool ran = false;
};

/// Where in the text the parser is.
struct Cursor {
    Pieces& pieces;
    std::string_view piece = {};
    std::size_t line = 1, column = 0;
    std::optional<Error> failed = {};

    /// The next character; nothing at the end.
    std::optional<char> next() {
        if (piece.empty()) {
            auto more = pieces.next();
            if (!more) failed = more.error();
            else piece = *more;
        }
        if (piece.empty()) return std::nullopt;
        const char c = piece.front();
        piece.remove_prefix(1);
        if (c == '\n') ++line, column = 0;
        else ++column;
        return c;
    }
};

/// The text as nlohmann reads it: an input iterator.
class Characters {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    Characters() = default;
    explicit Characters(Cursor& cursor) : cursor_(&cursor) { ++*this; }
    reference operator*() const { return now_; }
    Characters& operator++() {
        const std::optional<char> next = cursor_->next();
        if (next) now_ = *next;
        else cursor_ = nullptr;
        return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(const Characters& other) const { return cursor_ == other.cursor_; }
    bool operator!=(const Characters& other) const { return cursor_ != other.cursor_; }

private:
    Cursor* cursor_ = nullptr;
    char now_ = 0;
};

/// What is known of the workflow, gathered as the text goes by.
class Gathering final : public Json::json_sax_t {
public:
    explicit Gathering(const Cursor& cursor) : cursor_(cursor) {}

    std::string name;
    std::vector<std::pair<std::string, WfTask>> tasks;  ///< by id, in the order in which they were first named
    std::unordered_map<std::string, double> files;
    std::string problem;  ///< of the syntax
    std::size_t line = 1, column = 1;

    bool null() override { return value(); }
    bool boolean(bool) override { return value(); }
    bool number_integer(number_integer_t number) override { return value(static_cast<double>(number)); }
    bool number_unsigned(number_unsigned_t number) override { return value(static_cast<double>(number)); }
    bool number_float(number_float_t number, const string_t&) override { return value(number); }
    bool string(string_t& text) override { return value(text); }
    bool binary(binary_t&) override { return value(); }
    bool key(string_t& text) override {
        path_.resize(levels_.back());
        path_.append(1, '/').append(text);
        return true;
    }
    bool start_object(std::size_t) override {
        levels_.push_back(path_.size());
        if (is_item()) begin_item();
        return true;
    }
    bool end_object() override {
        leave();
        if (is_item()) end_item();
        return true;
    }
    bool start_array(std::size_t) override {
        levels_.push_back(path_.size());
        path_ += "/[]";
        return true;
    }
    bool end_array() override {
        leave();
        return true;
    }
    bool parse_error(std::size_t, const std::string& token, const nlohmann::detail::exception&) override {
        problem = fmt::format("this is no JSON from '{}' on", token.substr(0, 20));
        line = cursor_.line;
        column = std::max<std::size_t>(1, cursor_.column);
        return false;
    }

private:
    /// Back to the path of the object or array that ends.
    void leave() {
        path_.resize(levels_.back());
        levels_.pop_back();
    }
    bool is_item() const {
        return path_ == "/workflow/specification/tasks/[]" || path_ == "/workflow/execution/tasks/[]" ||
               path_ == "/workflow/tasks/[]" || path_ == "/workflow/jobs/[]" || is_file();
    }
    bool is_file() const {
        return path_ == "/workflow/specification/files/[]" || path_.ends_with("/tasks/[]/files/[]");
    }

    void begin_item() {
        if (is_file()) file_ = {}, file_size_ = 0, file_is_input_ = false;
        else id_.clear(), now_ = {}, now_.line = cursor_.line;
    }
    void end_item() {
        if (is_file()) {
            if (!file_.empty()) files[file_] = file_size_;
            if (file_is_input_) now_.input_bytes += file_size_, ++now_.inputs;
            return;
        }
        const std::string& id = id_.empty() ? now_.name : id_;
        if (id.empty()) return;
        const auto [known, is_new] = places_.try_emplace(id, tasks.size());
        if (is_new) tasks.emplace_back(id, WfTask{.line = now_.line});
        merge(tasks[known->second].second);
    }
    /// Specification and execution tell of the same task.
    void merge(WfTask& task) {
        if (!now_.name.empty()) task.name = now_.name;
        if (!now_.program.empty()) task.program = now_.program;
        if (!now_.machine.empty()) task.machine = now_.machine;
        if (!now_.input_files.empty()) task.input_files = std::move(now_.input_files);
        if (now_.started) task.started = now_.started;
        task.input_bytes += now_.input_bytes;
        task.inputs += now_.inputs;
        task.ran |= now_.ran;
        const std::pair<double*, double> numbers[] = {
            {&task.runtime_s, now_.runtime_s}, {&task.cores, now_.cores}, {&task.cpu_percent, now_.cpu_percent},
            {&task.memory, now_.memory},       {&task.read, now_.read},   {&task.written, now_.written}};
        for (const auto& [into, number] : numbers)
            if (number > 0) *into = number;
    }

    std::string_view last() const { return std::string_view(path_).substr(path_.rfind('/') + 1); }
    bool value() { return true; }
    bool value(double number) {
        if (!(number >= 0 && number <= number_most)) return true;
        const std::string_view key = last();
        if (key == "sizeInBytes" || key == "size") file_size_ = number;
        else if (key == "runtimeInSeconds" || key == "runtime") now_.runtime_s = number, now_.ran = true;
        else if (key == "coreCount" || key == "cores") now_.cores = number;
        else if (key == "avgCPU") now_.cpu_percent = number;
        else if (key == "memoryInBytes") now_.memory = number;
        else if (key == "memory") now_.memory = number * 1024;  // KiB, up to 1.2
        else if (key == "readBytes" || key == "bytesRead") now_.read = number;
        else if (key == "writtenBytes" || key == "bytesWritten") now_.written = number;
        return true;
    }
    bool value(const std::string& text) {
        const std::string_view key = last();
        if (path_ == "/name") name = text;
        else if (path_.ends_with("/inputFiles/[]")) now_.input_files.push_back(text);
        else if (path_.ends_with("/machines/[]") || key == "machine") now_.machine = text;
        else if (is_in_file(key)) take_file(key, text);
        else if (key == "id") id_ = text;
        else if (key == "name") now_.name = text;
        else if (key == "program") now_.program = text;
        else if (key == "executedAt") now_.started = sacct_time(std::string_view(text).substr(0, 19));
        return true;
    }
    bool is_in_file(std::string_view key) const {
        return std::string_view(path_).substr(0, path_.size() - key.size()).ends_with("/files/[]/");
    }
    void take_file(std::string_view key, const std::string& text) {
        if (key == "id" || key == "name") file_ = text;
        if (key == "link") file_is_input_ = text == "input";
    }

    const Cursor& cursor_;
    std::string path_;
    std::vector<std::size_t> levels_;  ///< how long the path is within each object or array that is open
    std::unordered_map<std::string, std::size_t> places_;
    std::string id_, file_;
    WfTask now_;
    double file_size_ = 0;
    bool file_is_input_ = false;
};

Bytes bytes(double count) { return Bytes{std::llround(count)}; }

Imported imported_of(const std::string& id, const WfTask& task, const Gathering& all, const ReadOptions& options,
                     Into& into) {
    Hasher hasher;
    for (const std::string& field :
         {std::string("wfformat"), all.name, id, fmt::format("{} {} {}", task.runtime_s, task.memory, task.read)})
        hasher.add_field(field);
    Imported imported{.identity = hasher.digest().low, .attempt = {}};
    AttemptRecord& attempt = imported.attempt;
    const std::string workflow = !options.workflow.empty() ? options.workflow
                                 : all.name.empty()        ? "wfformat"
                                                           : all.name;
    const std::string& named = task.name.empty() ? id : task.name;
    attempt.id = {.task = into.next_task, .number = 1};
    attempt.task_name = id;
    // A name that is the id as well is an instance's, not its kind's.
    attempt.kind = named == id ? into.names.kind(workflow, kind_name(named), task.program)
                               : into.names.kind(workflow, named, task.program);
    attempt.features.machine = task.machine.empty() ? "wfformat" : task.machine;
    double input = task.input_bytes;
    for (const std::string& file : task.input_files)
        if (const auto size = all.files.find(file); size != all.files.end()) input += size->second;
    attempt.features.input_bytes = bytes(std::min(input, number_most));
    attempt.features.input_count = task.inputs + static_cast<std::uint32_t>(task.input_files.size());
    Profile& profile = attempt.profile;
    profile.runtime = from_seconds(task.runtime_s);
    profile.cpu = from_seconds(task.cpu_percent / 100 * task.runtime_s);
    profile.memory_peak = profile.memory_high_water = bytes(task.memory);
    profile.read_bytes = bytes(task.read);
    profile.write_bytes = bytes(task.written);
    profile.source = "wfformat";
    if (task.cores > 0) attempt.request.cpu = attempt.reserved.cpu = Cores{task.cores};
    attempt.started = task.started.value_or(WallTime{});
    attempt.ended = attempt.started + profile.runtime;
    attempt.outcome = Outcome{.ending = Ending::finished};
    return imported;
}

}  // namespace

Result<void> read_wfformat(Lines& lines, const ReadOptions& options, Into& into) {
    Cursor cursor{.pieces = lines.pieces()};
    Gathering all(cursor);
    const bool whole = Json::sax_parse(Characters(cursor), Characters(), &all);
    if (cursor.failed) return *cursor.failed;
    if (!whole)
        return invalid(fmt::format("{}:{}:{}: {}; WfFormat is JSON", lines.name(), all.line, all.column, all.problem));
    if (all.tasks.empty())
        return invalid(lines.name() +
                       ":1:1: there are no tasks in workflow.specification and workflow.execution; "
                       "wfcommons.org/format says how WfFormat looks");
    for (const auto& [id, task] : all.tasks) {
        ++into.account.rows;
        if (!task.ran || task.runtime_s < 1e-9 || task.runtime_s > seconds_most) {
            into.account.skip(task.ran ? "too short, or too long, to be measured" : "was not run", lines.name(),
                              task.line);
            continue;
        }
        const bool is_new = PLIM_TRY(into.add(imported_of(id, task, all, options, into)));
        into.next_task += is_new;
        if (is_new && task.memory <= 0)
            into.account.note("no memory told, the runtime counts", lines.name(), task.line);
    }
    return {};
}

}  // namespace plimsoll::exchange
