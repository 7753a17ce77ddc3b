// SPDX-License-Identifier: Apache-2.0
// The examples that --help and the man pages show: one row an example, under the command's whole name.
#include "apps/plimsoll/help/command_help.h"

namespace plimsoll::cli {
namespace {

struct Row {
    std::string_view command, line, says;
};

constexpr Row rows[] = {
    {"plimsoll", "plimsoll init", "write a workflow to start from"},
    {"plimsoll", "plimsoll run workflow.yaml", "run it; the second time each step gets what it needs"},
    {"plimsoll", "plimsoll exec -- sort -n big.txt", "one command, measured and sized without a workflow"},
    {"plimsoll", "plimsoll doctor", "what this machine offers, and what would help"},
    {"plimsoll run", "plimsoll run workflow.yaml", "run what is not up to date"},
    {"plimsoll run", "plimsoll run workflow.yaml --dry-run", "only say what would run, and how large"},
    {"plimsoll run", "plimsoll run workflow.yaml --set depth=50 --only align", "another value, and one step alone"},
    {"plimsoll run", "plimsoll run workflow.yaml --failed -k", "go on with what failed, past further failures"},
    {"plimsoll exec", "plimsoll exec -- sort -n big.txt -o sorted.txt", "run it; what it used is told at its end"},
    {"plimsoll exec", "plimsoll exec --name nightly --request memory=8G,cpu=2 -- ./nightly.sh",
     "its runs gather as 'nightly'; the first gets what is asked for, the next what it needs"},
    {"plimsoll exec", "zcat a.gz | plimsoll exec --quiet -- wc -l | tee n", "pipes pass through"},
    {"plimsoll exec", "plimsoll exec --json used.json -- make -j4", "what it used, for programs"},
    {"plimsoll check", "plimsoll check workflow.yaml", "every mistake with its line, column and remedy"},
    {"plimsoll predict", "plimsoll predict workflow.yaml", "a line for each task"},
    {"plimsoll show", "plimsoll show", "the last run: requested, reserved, used, wasted"},
    {"plimsoll show", "plimsoll show 20261121 --steps", "a run by the beginning of its id, step by step"},
    {"plimsoll explain", "plimsoll explain last 'align[s1]'", "how this task was sized, and from what"},
    {"plimsoll logs", "plimsoll logs last align -f", "what it prints, as it prints it"},
    {"plimsoll attach", "plimsoll attach", "follow the last run; Ctrl-C leaves it running"},
    {"plimsoll watch", "plimsoll watch", "how the last run stands, until it is over"},
    {"plimsoll watch", "plimsoll watch last --json | jq .left_s", "the time left, each second, for programs"},
    {"plimsoll top", "plimsoll top", "which runs and steps have the machine, every second"},
    {"plimsoll top", "plimsoll top --json | jq .memory_bytes.free", "what is free, for programs"},
    {"plimsoll stop", "plimsoll stop", "let running tasks finish, start no more"},
    {"plimsoll stop", "plimsoll stop last --now", "end running tasks too"},
    {"plimsoll doctor", "plimsoll doctor", "what this machine offers, what is degraded, and what would help"},
    {"plimsoll doctor", "plimsoll doctor --json | jq .can_run", "the same for programs"},
    {"plimsoll init", "plimsoll init", "writes workflow.yaml, which runs as it is"},
    {"plimsoll init", "plimsoll init pipelines/align.yaml", "under another name"},
    {"plimsoll completion", "echo 'source <(plimsoll completion bash)' >> ~/.bashrc",
     "for bash, from the next shell on"},
    {"plimsoll completion", "plimsoll completion zsh > ~/.zfunc/_plimsoll",
     "for zsh, with ~/.zfunc in fpath before compinit"},
    {"plimsoll completion", "plimsoll completion fish > ~/.config/fish/completions/plimsoll.fish", "for fish"},
    {"plimsoll import", "plimsoll import sacct jobs.txt",
     "what Slurm measured; `plimsoll advise` then says what to ask for"},
    {"plimsoll import", "plimsoll import nextflow trace.txt --as workflow.yaml", "sizes for steps of the same names"},
    {"plimsoll import sacct",
     "sacct -P --format=JobID,JobName,User,State,ExitCode,Start,Elapsed,Timelimit,ReqMem,ReqCPUS,NNodes,MaxRSS,NTasks,"
     "TotalCPU > jobs.txt",
     "a dump with all that can be learnt from"},
    {"plimsoll import sacct", "plimsoll import sacct jobs.txt --group 'align_*'", "jobs named by sample are one kind"},
    {"plimsoll import nextflow", "plimsoll import nextflow trace.txt", "of nextflow run -with-trace"},
    {"plimsoll import snakemake", "plimsoll import snakemake benchmarks/*/*.tsv", "rules by the folders' names"},
    {"plimsoll import wfformat", "plimsoll import wfformat instance.json.gz", "of WfInstances, or of plimsoll export"},
    {"plimsoll import gnu-time", "plimsoll import gnu-time logs/*.log", "of /usr/bin/time -v COMMAND"},
    {"plimsoll export", "plimsoll export wfformat last -o run.json", "the last run, for WfCommons' tools"},
    {"plimsoll export", "plimsoll export csv | column -ts, | less -S", "every attempt: what it was given and used"},
    {"plimsoll advise", "plimsoll advise", "what each kind asked for, used, and should ask for"},
    {"plimsoll advise", "plimsoll advise --stay-under 99", "at most one task in a hundred may need more"},
    {"plimsoll advise", "plimsoll advise --for slurm", "#SBATCH lines to paste"},
    {"plimsoll models", "plimsoll models", "samples, bounds and how they held, what has changed"},
    {"plimsoll models", "plimsoll models --workflow rna --json", "of one workflow, for programs"},
    {"plimsoll simulate", "plimsoll simulate scenario.toml",
     "who would run when; exit code 1 where it is not as expected"},
    {"plimsoll simulate", "plimsoll simulate scenario.toml --seed 7 --json",
     "another draw of what varies, for programs"},
    {"plimsoll simulate", "plimsoll simulate --history last --requests",
     "what the run would have taken with its requests"},
    {"plimsoll simulate", "plimsoll simulate --history all --policy fifo --policy critical-path --html what_if.html",
     "policies side by side, as a page"},
    {"plimsoll simulate", "plimsoll simulate --history last --capacity 'cpu=16 memory=64GiB'", "on another machine"},
    {"plimsoll config", "plimsoll config show", "the queues that share this machine"},
    {"plimsoll config check", "plimsoll config check queues.yaml", "before it is put in its place"},
    {"plimsoll config show", "plimsoll config show", "what is in force, and who is due how much"},
    {"plimsoll history", "plimsoll history", "what is stored, how large, and for how long"},
    {"plimsoll history", "plimsoll history keep --for 90d --size 1G", "from now on, after each run"},
    {"plimsoll history list", "plimsoll history list --workflow variants", "the runs of one workflow, newest first"},
    {"plimsoll history show", "plimsoll history show last", "one run's entries and its folder"},
    {"plimsoll history export", "plimsoll history export --format csv --output attempts.csv",
     "every attempt: what it was given and used"},
    {"plimsoll history forget", "plimsoll history forget --older-than 90d", "runs that started longer ago"},
    {"plimsoll history forget", "plimsoll history forget --keep-size 1G",
     "the oldest, until the rest is that small; what is learned goes last"},
    {"plimsoll history keep", "plimsoll history keep", "what is set"},
    {"plimsoll history keep", "plimsoll history keep --for 90d --size 1G", "set it; applied after runs"},
    {"plimsoll history keep", "plimsoll history keep --all", "keep everything again"},
    {"plimsoll history vacuum", "plimsoll history vacuum", "after a large forget"},
    {"plimsoll history check", "plimsoll history check", "0: in order; 3: damaged"},
    {"plimsoll history set-aside", "plimsoll history set-aside", "after `history check` has found damage"},
    {"plimsoll help", "plimsoll help run", "the same as plimsoll run --help"},
};

}  // namespace

std::vector<Example> examples_of(std::string_view command) {
    std::vector<Example> found;
    for (const Row& row : rows)
        if (row.command == command) found.push_back({std::string(row.line), std::string(row.says)});
    return found;
}

}  // namespace plimsoll::cli
