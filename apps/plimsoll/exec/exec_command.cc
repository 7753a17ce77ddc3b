// SPDX-License-Identifier: Apache-2.0
// plimsoll exec [--name N] [--request ...] -- COMMAND...: one command, measured, predicted and shaped as a workflow of
// one task, with the terminal passed through to it.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "apps/plimsoll/admission.h"
#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/config/config_file.h"
#include "apps/plimsoll/exec/exec_run.h"
#include "plimsoll/base/log.h"

namespace plimsoll::cli {
namespace {

/// Where a standard stream is closed, what is opened first would take its number, and the command would write into it.
void fill_closed_streams() {
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(fd, F_GETFD) < 0) (void)::open("/dev/null", fd == STDIN_FILENO ? O_RDONLY : O_WRONLY);
}

Result<std::string> current_folder() {
    char* here = ::getcwd(nullptr, 0);
    if (!here) return system_error("find the current folder");
    std::string folder = here;
    std::free(here);
    return folder;
}

/// Opened before the command runs: a place that cannot be written is told before anything happens.
Result<Fd> open_json(const std::string& where) {
    if (where.empty()) return Fd();
    int number = -1;
    const auto [end, failed] = std::from_chars(where.data(), where.data() + where.size(), number);
    const bool is_number = failed == std::errc() && end == where.data() + where.size();
    if (!is_number) {
        auto opened = open_file(where, O_WRONLY | O_CREAT | O_TRUNC, 0666);
        if (!opened) return invalid("--json: " + opened.error().message);
        return opened;
    }
    Fd copy(::fcntl(number, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    if (!copy)
        return invalid(
            fmt::format("--json {0}: no such descriptor is open; open it in the shell, as in {0}>FILE", number));
    return copy;
}

/// More than there is could never be given.
Result<void> fits_machine(const Request& request, const Resources& machine) {
    if (request.memory && *request.memory > machine.memory)
        return invalid(fmt::format("--request: memory={} is more than the {} that can be had here",
                                   format(*request.memory), format(machine.memory)));
    if (request.cpu && *request.cpu > machine.cpu)
        return invalid(fmt::format("--request: cpu={} is more than the {} that can be had here", format(*request.cpu),
                                   format(machine.cpu)));
    if (request.gpu.value_or(0) > machine.gpu)
        return invalid(
            fmt::format("--request: gpu={} is more than the {} that can be had here", *request.gpu, machine.gpu));
    return {};
}

Result<int> exec(const ExecOptions& options) {
    if (options.words.empty() || options.words.front().empty())
        return invalid("which command? It stands at the end: plimsoll exec [OPTIONS] -- COMMAND [ARGUMENT...]");
    fill_closed_streams();
    if (options.how.quiet) set_log_level(LogLevel::error);
    auto request = workflow::parse_request(options.request);
    if (!request) return request.error().within("--request");
    const machine::Host host = PLIM_TRY(machine::read_host());
    const machine::HoldingOptions holding = PLIM_TRY(holding_options(options.how));
    PLIM_TRY(fits_machine(*request, machine::may_hold(host.amounts, holding, {}, {})));
    workflow::SingleCommand command = workflow::single_command(
        {.words = options.words, .name = options.name, .request = *request, .folder = PLIM_TRY(current_folder())},
        STDIN_FILENO);
    Step* const step[] = {&command.workflow.steps.front()};
    PLIM_TRY(set_deadline(options.how.deadline, step));
    std::vector<QueueSpec> queues =
        PLIM_TRY(assign_queues(PLIM_TRY(load_config(options.how.config)), options.how.queue, step));
    const Fd json = PLIM_TRY(open_json(options.json));
    return exec_live({options, host, holding, std::move(command), json.fd(), std::move(queues)});
}

}  // namespace

int exec_command(const ExecOptions& options) {
    const auto code = exec(options);
    return code ? *code : fail(code.error());
}

}  // namespace plimsoll::cli
