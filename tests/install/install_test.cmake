# SPDX-License-Identifier: Apache-2.0
# Installs the build into a folder of its own and builds and runs a project that finds it there. Removes both.
# Usage: cmake -DBUILD=... -DSOURCE=... -DSCRATCH=... -P install_test.cmake
function(must)
    execute_process(COMMAND ${ARGV} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT status EQUAL 0)
        list(JOIN ARGV " " command)
        message(FATAL_ERROR "${command}: ${status}\n${output}")
    endif()
    set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${SCRATCH})
must(${CMAKE_COMMAND} --install ${BUILD} --prefix ${SCRATCH}/prefix)
must(${CMAKE_COMMAND} -G Ninja -S ${SOURCE}/consumer -B ${SCRATCH}/build -DCMAKE_PREFIX_PATH=${SCRATCH}/prefix
     -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_STANDARD=20)
must(${CMAKE_COMMAND} --build ${SCRATCH}/build)
must(${SCRATCH}/prefix/bin/plimsoll --version)
foreach(file man/man1/plimsoll.1 man/man1/plimsoll-exec.1 man/man1/plimsoll-history-keep.1
        bash-completion/completions/plimsoll zsh/site-functions/_plimsoll fish/vendor_completions.d/plimsoll.fish)
    if(NOT EXISTS ${SCRATCH}/prefix/share/${file})
        message(FATAL_ERROR "share/${file} was not installed")
    endif()
endforeach()
must(${SCRATCH}/build/consumer)
if(NOT output STREQUAL "3221225472 bytes\n")
    message(FATAL_ERROR "the consumer printed '${output}'")
endif()
file(REMOVE_RECURSE ${SCRATCH})
