// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/traces/openb.h"

#include "plimsoll/base/text.h"
#include "plimsoll/simulate/traces/field.h"

namespace plimsoll::simulate {
namespace {

std::vector<std::string> models_of(std::string_view spec) {
    std::vector<std::string> models;
    for (const std::string_view model : split(spec, '|'))
        if (!model.empty()) models.emplace_back(model);
    return models;
}

}  // namespace

Result<std::vector<OpenbNode>> read_openb_nodes(exchange::Lines& lines) {
    TraceTable table = PLIM_TRY(TraceTable::open(lines));
    const std::size_t name = PLIM_TRY(table.column("sn")), cpu = PLIM_TRY(table.column("cpu_milli"));
    const std::size_t memory = PLIM_TRY(table.column("memory_mib")), gpu = PLIM_TRY(table.column("gpu"));
    const std::size_t model = PLIM_TRY(table.column("model"));
    std::vector<OpenbNode> nodes;
    while (PLIM_TRY(table.next()))
        nodes.push_back({.name = std::string(table.text(name)),
                         .cpu_milli = PLIM_TRY(table.required(cpu)),
                         .memory_mib = PLIM_TRY(table.required(memory)),
                         .gpus = static_cast<int>(PLIM_TRY(table.required(gpu))),
                         .model = std::string(table.text(model))});
    return nodes;
}

Result<std::vector<OpenbPod>> read_openb_pods(exchange::Lines& lines) {
    TraceTable table = PLIM_TRY(TraceTable::open(lines));
    const std::size_t name = PLIM_TRY(table.column("name")), cpu = PLIM_TRY(table.column("cpu_milli"));
    const std::size_t memory = PLIM_TRY(table.column("memory_mib")), gpus = PLIM_TRY(table.column("num_gpu"));
    const std::size_t milli = PLIM_TRY(table.column("gpu_milli")), spec = PLIM_TRY(table.column("gpu_spec"));
    const std::size_t created = PLIM_TRY(table.column("creation_time"));
    const std::size_t deleted = PLIM_TRY(table.column("deletion_time"));
    std::vector<OpenbPod> pods;
    while (PLIM_TRY(table.next()))
        pods.push_back({.name = std::string(table.text(name)),
                        .cpu_milli = PLIM_TRY(table.required(cpu)),
                        .memory_mib = PLIM_TRY(table.required(memory)),
                        .gpus = static_cast<int>(PLIM_TRY(table.required(gpus))),
                        .gpu_milli = PLIM_TRY(table.required(milli)),
                        .models = models_of(table.text(spec)),
                        .created_s = PLIM_TRY(table.amount(created)).value_or(0),
                        .deleted_s = PLIM_TRY(table.amount(deleted)).value_or(0)});
    return pods;
}

Result<std::vector<OpenbNode>> read_openb_nodes(const std::string& path) {
    exchange::Lines lines(PLIM_TRY(exchange::open_pieces(path)), path);
    return read_openb_nodes(lines);
}

Result<std::vector<OpenbPod>> read_openb_pods(const std::string& path) {
    exchange::Lines lines(PLIM_TRY(exchange::open_pieces(path)), path);
    return read_openb_pods(lines);
}

}  // namespace plimsoll::simulate
