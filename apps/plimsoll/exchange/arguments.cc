// SPDX-License-Identifier: Apache-2.0
// How the arguments of import, export and advise are spelt.
#include "apps/plimsoll/arguments.h"

#include <fmt/format.h>

#include <memory>

#include <CLI/CLI.hpp>

#include "apps/plimsoll/exchange/exchange_commands.h"
#include "plimsoll/exchange/sources.h"

namespace plimsoll::cli {
namespace {

void add_source(CLI::App& import, const exchange::Source& source, ImportOptions& options,
                std::function<int()>& command) {
    const std::string name(source.name);
    CLI::App& one = *import.add_subcommand(name, std::string(source.what));
    one.callback([&options, &command, name] {
        options.source = name;
        command = [&options] { return import_command(options); };
    });
    one.add_option("FILE", options.files, "Plain or gzipped; - is standard input")->required();
    one.add_option("--workflow", options.workflow, "Learn it as this workflow's")->type_name("NAME");
    one.add_option("--as", options.as,
                   "A workflow file of Plimsoll: what is called like one of its steps is learnt as that")
        ->type_name("FILE");
    one.add_option("--group", options.groups, "Names that match are one kind: --group 'align_*'; any number of them")
        ->type_name("PATTERN")
        ->allow_extra_args(false);
    if (name == "snakemake" || name == "gnu-time")
        one.add_option("--step", options.step, "What all of it is of, where it does not say so itself")
            ->type_name("NAME");
    if (name == "sacct")
        one.add_option("--format", options.columns, "What sacct's --format was, where the dump has no header (-n)")
            ->type_name("COLUMNS");
    one.add_flag("--this-machine", options.this_machine,
                 "It was measured here: runtimes count for runs on this machine");
    one.add_flag("--skip-unreadable", options.skip_unreadable, "Take the rest where rows cannot be read");
    one.add_flag("--json", options.json, "As JSON");
    add_history(one, options.history);
}

void add_import(CLI::App& app, ImportOptions& options, std::function<int()>& command) {
    CLI::App& import = *app.add_subcommand("import", "Learn from what other tools measured");
    import.require_subcommand(1);
    for (const exchange::Source& source : exchange::sources()) add_source(import, source, options, command);
}

void add_export(CLI::App& app, ExportOptions& options, std::function<int()>& command) {
    CLI::App& exported = *app.add_subcommand("export", "A run as a file that other tools read");
    exported.callback([&options, &command] { command = [&options] { return export_command(options); }; });
    exported.add_option("FORMAT", options.format, "wfformat, nextflow-trace or csv")
        ->required()
        ->check(CLI::IsMember({"wfformat", "nextflow-trace", "csv"}));
    exported.add_option("RUN", options.run, "A run's id, the unique beginning of one, or 'last'");
    exported.add_option("-o,--output", options.output, "Write there instead of to standard output")->type_name("FILE");
    add_history(exported, options.history);
}

void add_advise(CLI::App& app, AdviseOptions& options, std::function<int()>& command) {
    CLI::App& advise = *app.add_subcommand("advise", "What to request instead, from what was used");
    advise.callback([&options, &command] { command = [&options] { return advise_command(options); }; });
    advise
        .add_option("--stay-under", options.stay_under_percent, "The percentage of tasks that is to stay under it: 95")
        ->type_name("PERCENT")
        ->check(CLI::Range(50.0, 99.9));
    add_risk(advise, options.risk,
             "Instead, for memory: thrifty, balanced, safe, or what a failed task weighs, 0 to 100");
    advise.add_option("--for", options.into, "Lines to paste: nextflow, snakemake, snakemake-7 or slurm")
        ->check(CLI::IsMember({"nextflow", "snakemake", "snakemake-7", "slurm"}));
    advise.add_option("--workflow", options.workflow, "Only kinds of this workflow")->type_name("NAME");
    advise.add_option("--run", options.run, "Only from this run or import");
    advise.add_flag("--all", options.all, "Every kind, not only those that waste most");
    advise.add_flag("--json", options.json, "As JSON");
    add_history(advise, options.history);
}

void add_models(CLI::App& app, ModelsOptions& options, std::function<int()>& command) {
    CLI::App& models = *app.add_subcommand("models", "What is known of each kind of task, and how well it has held");
    models.callback([&options, &command] { command = [&options] { return models_command(options); }; });
    models.add_option("--workflow", options.workflow, "Only kinds of this workflow")->type_name("NAME");
    models.add_flag("--json", options.json, "As JSON");
    add_history(models, options.history);
}

}  // namespace

void add_exchange_commands(CLI::App& app, std::function<int()>& command) {
    static ImportOptions import;
    static ExportOptions exported;
    static AdviseOptions advise;
    static ModelsOptions models;
    add_import(app, import, command);
    add_export(app, exported, command);
    add_advise(app, advise, command);
    add_models(app, models, command);
}

}  // namespace plimsoll::cli
