// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/trace_work.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace plimsoll::simulate {
namespace {

struct Told {
    std::string name;
    TaskKind kind;
    Request request;
    double runtime_s = 0;
    Bytes memory{};
    Bytes input{};
    double arrives_s = 0;
    std::vector<TaskId> needs = {};
    bool is_alone = false;  ///< handed in alone, and waited for alone
};

class Building {
public:
    void add(Told told) {
        const auto id = static_cast<TaskId>(work_.tasks.size());
        Task task;
        task.id = id;
        task.step = &step_of(told);
        task.name = std::move(told.name);
        task.needs = std::move(told.needs);
        if (told.is_alone) task.submission = id;
        work_.has_needs |= !task.needs.empty();
        const Cores cpu = told.request.cpu.value_or(1_cores);
        // Held at its peak throughout, as no trace tells more.
        Sample sample{.used_byte_seconds = static_cast<double>(told.memory.count) * told.runtime_s,
                      .used_core_seconds = cpu.count * told.runtime_s};
        Features& features = work_.features.emplace_back();
        features.input_bytes = told.input;
        sample.behaviour = {.runtime = from_seconds(told.runtime_s),
                            .memory_peak = told.memory,
                            .peak_at = 0,
                            .cpu = cpu,
                            .keeps_pace = true,
                            .features = &features,
                            .input_bytes = told.input};
        work_.samples.push_back(std::move(sample));
        work_.arrivals.emplace_back(from_seconds(told.arrives_s));
        work_.tasks.push_back(std::move(task));
    }
    RecordedWork& work() { return work_; }

private:
    const Step& step_of(const Told& told) {
        const Step*& known =
            steps_[{told.kind, told.request.cpu.value_or(Cores{}), told.request.memory.value_or(Bytes{}),
                    told.request.time.value_or(Duration{}), told.request.gpu.value_or(0)}];
        if (known) return *known;
        Step& step = work_.steps.emplace_back();
        step.name = told.kind.step;
        step.kind = told.kind;
        step.request = told.request;
        known = &step;
        return step;
    }

    RecordedWork work_;
    std::map<std::tuple<TaskKind, Cores, Bytes, Duration, double>, const Step*> steps_;
};

Bytes kib(double amount) { return Bytes{static_cast<std::int64_t>(amount * 1024)}; }

}  // namespace

RecordedWork work_of(const SwfTrace& trace) {
    std::vector<const SwfJob*> jobs;
    for (const SwfJob& job : trace.jobs)
        if (job.run_s > 0 && std::max(job.allocated, job.requested) > 0) jobs.push_back(&job);
    std::ranges::stable_sort(jobs, {}, [](const SwfJob* job) { return job->submit_s; });
    Building building;
    for (const SwfJob* job : jobs) {
        const double processors = std::max(job->allocated, job->requested);
        const double asked_kib = std::max({job->requested_memory_kib, job->memory_kib, 1024.0 / processors});
        Request request;
        request.cpu = Cores{processors};
        request.memory = kib(asked_kib * processors);
        request.time = from_seconds(job->requested_s > 0 ? job->requested_s : job->run_s);
        building.add({.name = fmt::format("job_{}", job->id),
                      .kind = {"swf", fmt::format("user_{}", job->user), ""},
                      .request = request,
                      .runtime_s = job->run_s,
                      .memory = kib(std::max(job->memory_kib, 1024.0 / processors) * processors),
                      .arrives_s = job->submit_s - jobs.front()->submit_s,
                      .is_alone = true});
    }
    if (trace.processors) building.work().run.capacity.cpu = Cores{*trace.processors};
    building.work().run.capacity.memory = Bytes{std::int64_t{1} << 50};
    return std::move(building.work());
}

RecordedWork work_of(std::span<const OpenbPod> trace) {
    std::vector<const OpenbPod*> pods;
    for (const OpenbPod& pod : trace)
        if (pod.deleted_s > pod.created_s) pods.push_back(&pod);
    std::ranges::stable_sort(pods, {}, [](const OpenbPod* pod) { return pod->created_s; });
    Building building;
    for (const OpenbPod* pod : pods) {
        const double runtime_s = pod->deleted_s - pod->created_s;
        Request request;
        request.cpu = Cores{std::max(0.001, pod->cpu_milli / 1000)};
        request.memory = std::max(kib(pod->memory_mib * 1024), 1_MiB);
        request.time = from_seconds(runtime_s);
        if (pod->gpus > 0) request.gpu = pod->gpus * pod->gpu_milli / 1000;
        building.add({.name = pod->name,
                      .kind = {"openb", fmt::format("gpu={:.3g}", request.gpu.value_or(0)), ""},
                      .request = request,
                      .runtime_s = runtime_s,
                      .memory = *request.memory,
                      .arrives_s = pod->created_s - pods.front()->created_s,
                      .is_alone = true});
    }
    return std::move(building.work());
}

RecordedWork work_of(const WfDag& dag) {
    Building building;
    for (const WfTask& task : dag.tasks) {
        Request request;
        request.cpu = Cores{task.cores.value_or(1)};
        request.memory = task.memory_bytes ? Bytes{static_cast<std::int64_t>(*task.memory_bytes)} : 2_GiB;
        request.memory = std::max(*request.memory, 1_MiB);
        building.add({.name = fmt::format("{}#{}", task.id, building.work().tasks.size()),
                      .kind = {dag.file, task.type, ""},
                      .request = request,
                      .runtime_s = task.runtime_s,
                      .memory = *request.memory,
                      .input = Bytes{static_cast<std::int64_t>(task.input_bytes.value_or(0))},
                      .needs = {task.parents.begin(), task.parents.end()}});
    }
    return std::move(building.work());
}

}  // namespace plimsoll::simulate
