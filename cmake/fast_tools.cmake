# SPDX-License-Identifier: Apache-2.0
# ccache and mold where the machine has them; nothing rests on either.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # The sloppiness that ccache asks for where precompiled headers are used.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
endif()

find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM AND NOT PLIMSOLL_FUZZ)
    add_link_options(-fuse-ld=mold)
endif()

# What nearly every source includes, compiled once: a third of the compiler's work. The dev preset goes
# without, so that a source that forgets an include of its own is noticed.
function(precompile_common_headers target)
    if(NOT PLIMSOLL_PRECOMPILE)
        return()
    endif()
    if(TARGET common_headers)
        target_precompile_headers(${target} REUSE_FROM common_headers)
        return()
    endif()
    file(WRITE ${PROJECT_BINARY_DIR}/common_headers.cc "")
    add_library(common_headers OBJECT ${PROJECT_BINARY_DIR}/common_headers.cc)
    target_link_libraries(common_headers PRIVATE fmt::fmt)
    target_precompile_headers(common_headers PRIVATE <algorithm> <chrono> <deque> <functional> <map>
        <memory> <optional> <set> <span> <string> <unordered_map> <variant> <vector> <fmt/format.h>)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        add_compile_options(-fpch-preprocess)
    endif()
    target_precompile_headers(${target} REUSE_FROM common_headers)
endfunction()
