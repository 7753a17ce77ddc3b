// SPDX-License-Identifier: Apache-2.0
// import, export, advise, models: what others measured comes in, what is known goes out, in others' words or plain
// ones.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "plimsoll/model/risk.h"

namespace CLI {
class App;
}

namespace plimsoll::cli {

struct ImportOptions {
    std::string source;
    std::vector<std::string> files;
    std::string workflow;             ///< its name
    std::string as;                   ///< a workflow file whose steps these were
    std::vector<std::string> groups;  ///< glob patterns
    std::string step;                 ///< of rows that do not name theirs
    std::string columns;              ///< sacct's --format
    bool this_machine = false;
    bool skip_unreadable = false;
    bool json = false;
    std::optional<std::string> history;
};

struct ExportOptions {
    std::string format;
    std::string run = "last";
    std::string output;
    std::optional<std::string> history;
};

struct ModelsOptions {
    std::string workflow;  ///< only its kinds; "": all
    bool json = false;
    std::optional<std::string> history;
};

struct AdviseOptions {
    double stay_under_percent = 95;
    std::optional<Risk> risk;
    std::string workflow;
    std::string run;
    std::string into;  ///< nextflow, snakemake, snakemake-7, slurm; "": a table
    bool all = false;
    bool json = false;
    std::optional<std::string> history;
};

int import_command(const ImportOptions& options);
int export_command(const ExportOptions& options);
int advise_command(const AdviseOptions& options);
int models_command(const ModelsOptions& options);

/// Adds these commands to the program; whichever is named sets `command`. What they point at lives as long as the app.
void add_exchange_commands(CLI::App& app, std::function<int()>& command);

}  // namespace plimsoll::cli
