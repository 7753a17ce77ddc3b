// SPDX-License-Identifier: Apache-2.0
// Alibaba's GPU cluster traces (gpu-v2023): nodes with whole devices, pods that ask for several devices or a share of
// one. Two tables of commas; columns go by name, and more columns are no matter.
#pragma once

#include <string>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/exchange/pieces.h"

namespace plimsoll::simulate {

struct OpenbNode {
    std::string name;
    double cpu_milli = 0;
    double memory_mib = 0;
    int gpus = 0;
    std::string model;  ///< of all its devices; "" without any
};

struct OpenbPod {
    std::string name;
    double cpu_milli = 0;
    double memory_mib = 0;
    int gpus = 0;
    double gpu_milli = 0;             ///< of each device; below 1000 it shares one
    std::vector<std::string> models;  ///< that will do; empty: any
    double created_s = 0;
    double deleted_s = 0;  ///< 0 where the trace does not say
};

/// Columns sn, cpu_milli, memory_mib, gpu, model. Errors name line and column.
Result<std::vector<OpenbNode>> read_openb_nodes(exchange::Lines& lines);
/// Columns name, cpu_milli, memory_mib, num_gpu, gpu_milli, gpu_spec ("A|B"), creation_time, deletion_time.
Result<std::vector<OpenbPod>> read_openb_pods(exchange::Lines& lines);
/// Files, plain or gzipped.
Result<std::vector<OpenbNode>> read_openb_nodes(const std::string& path);
Result<std::vector<OpenbPod>> read_openb_pods(const std::string& path);

}  // namespace plimsoll::simulate
