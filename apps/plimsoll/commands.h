// SPDX-License-Identifier: Apache-2.0
// The commands of the CLI: what the user said as values, and one function each. main.cc alone knows how
// arguments are spelt. Every command gives the process's exit code.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plimsoll/model/risk.h"

namespace plimsoll::cli {

struct CommandHelp;

/// Exit codes; docs/reference/cli.md owns them.
enum Exit : int { done = 0, task_failed = 1, wrong_usage = 2, machine_cannot = 3, interrupted = 130 };

struct RunOptions {
    std::string file;
    std::vector<std::string> set;        ///< "name=value"
    std::optional<std::string> history;  ///< path of the database; none: the XDG place
    std::vector<std::string> only;       ///< steps; empty: all
    bool force = false;
    bool failed = false;
    bool keep_going = false;
    bool dry_run = false;
    bool graph = false;
    bool explain = false;
    bool verify = false;
    bool json = false;
    bool quiet = false;
    std::string view = "auto";  ///< or "lines": no view that changes, on a terminal either
    bool detach = false;
    bool exceed_request = false;
    bool cancel_now = false;         ///< the first Ctrl-C ends running tasks
    std::string sizing = "learned";  ///< or "requests"
    std::string shape = "full";      ///< or "flat", "off"
    std::string prefetch = "on";     ///< or "off"
    std::string cgroups = "auto";    ///< or "off"
    std::optional<Risk> risk;        ///< for all steps, whatever the file says
    std::string max_cpu;             ///< as the user spelt them; "" : no limit of his own
    std::string max_memory;
    std::string keep_free;
    std::optional<std::string> config;  ///< a config file; none: the XDG place
    std::string deadline;               ///< of every task, from the start; as the user spelt it; "": none
    std::string queue;                  ///< of steps that name none; "": "default"
    std::string container_engine;       ///< a program or its path; "": podman or docker, whichever is there
    std::string run_id;                 ///< given by --detach to the process it starts
};

struct ExecOptions {
    std::vector<std::string> words;  ///< the command and its arguments
    std::string name;                ///< under which its runs gather; "": by tool and arguments
    std::string request;             ///< "memory=8G,cpu=2"
    std::string json;                ///< file or descriptor for the report; "": none
    RunOptions how;                  ///< of it: history, sizes, shaping, what may be held, quiet
};

struct CheckOptions {
    std::string file;
    std::vector<std::string> set;
    std::string container_engine;  ///< as of a run
};

struct PredictOptions {
    std::string file;
    std::vector<std::string> set;
    std::optional<std::string> history;
    std::optional<Risk> risk;
    bool json = false;
};

/// What `show`, `explain`, `logs`, `attach`, `watch` and `stop` point at.
struct TargetOptions {
    std::string run = "last";  ///< an id, the unique beginning of one, or "last"
    std::string task;
    std::optional<std::string> history;
    bool json = false;
    bool follow = false;
    bool now = false;
    bool steps = false;
    bool once = false;
};

struct TopOptions {
    bool json = false;
    bool once = false;
};

struct ReportOptions {
    std::string run = "last";
    std::string compare;  ///< another run; "": none
    std::string html;     ///< where to; "-": standard output; "": into the run's folder
    std::optional<std::string> history;
};

struct ConfigOptions {
    std::string action;               ///< check, show
    std::optional<std::string> file;  ///< none: the XDG place
    bool json = false;
};

struct DoctorOptions {
    std::optional<std::string> history;
    bool json = false;
};

struct HistoryOptions {
    std::string action;  ///< list, show, export, forget, keep, vacuum, check, set-aside; "": all of it told
    std::string run;
    std::string workflow;
    std::string older_than;
    std::string keep_size;  ///< forget: until no more is left than this
    bool receipts = false;  ///< forget what keeps done work from being repeated, too
    std::string keep_for;   ///< keep: the age up to which runs are kept
    bool keep_all = false;
    std::string format = "jsonl";  ///< of export; or "csv"
    std::string output;            ///< of export; "": standard output
    std::optional<std::string> history;
    bool json = false;
};

int run_command(const RunOptions& options);
int check_command(const CheckOptions& options);
int predict_command(const PredictOptions& options);
int show_command(const TargetOptions& options);
int report_command(const ReportOptions& options);
int explain_command(const TargetOptions& options);
int logs_command(const TargetOptions& options);
int attach_command(const TargetOptions& options);
int watch_command(const TargetOptions& options);
int top_command(const TopOptions& options);
int stop_command(const TargetOptions& options);
int history_command(const HistoryOptions& options);
int exec_command(const ExecOptions& options);
int doctor_command(const DoctorOptions& options);
int config_command(const ConfigOptions& options);
int init_command(const std::string& file);
/// The script of "bash", "zsh" or "fish".
int completion_command(const std::string& shell);
/// What the script asks: the words after the program's name, the last one being typed.
int complete_command(const CommandHelp& program, const std::vector<std::string>& words);

}  // namespace plimsoll::cli
