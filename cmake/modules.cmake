# SPDX-License-Identifier: Apache-2.0
# plimsoll_module(name DEPENDS base model ... LIBRARIES fmt::fmt ...): one folder, one library, one test
# program, one benchmark program, and a fuzzer per *_fuzz.cc. SOURCES_ALONE: its sources share names that are
# each their own, so PLIMSOLL_UNITY leaves them apart. TEST_COST: seconds that its tests take, about, where those are
# many: the longest begin first, so that none is waited for alone at the end.

# What the sanitizers build: every program that tests; what ./dev fuzz builds: every fuzzer.
add_custom_target(test_programs)
add_custom_target(fuzzers)

# doctest's own main takes longer to compile than most tests: compiled once.
if(PLIMSOLL_TESTS)
    add_library(test_main OBJECT ${PROJECT_SOURCE_DIR}/tests/test_main.cc)
    target_link_libraries(test_main PUBLIC doctest::doctest)
endif()

function(plimsoll_module name)
    cmake_parse_arguments(arg "SOURCES_ALONE" "TEST_COST" "DEPENDS;LIBRARIES" ${ARGN})
    foreach(dependency IN LISTS arg_DEPENDS)
        require_layer_above(${name} ${dependency})
    endforeach()
    file(GLOB all CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc ${CMAKE_CURRENT_SOURCE_DIR}/*.h
         ${CMAKE_CURRENT_SOURCE_DIR}/*/*.cc ${CMAKE_CURRENT_SOURCE_DIR}/*/*.h)
    check_includes(${name} "${arg_DEPENDS}" ${all})
    set(sources ${all})
    list(FILTER sources EXCLUDE REGEX "_(test|bench|fuzz)\\.cc$")

    add_library(plimsoll_${name} STATIC ${sources})
    add_library(plimsoll::${name} ALIAS plimsoll_${name})
    set_target_properties(plimsoll_${name} PROPERTIES EXPORT_NAME ${name})
    if(PLIMSOLL_UNITY AND NOT arg_SOURCES_ALONE)
        set_target_properties(plimsoll_${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 12)
    endif()
    target_include_directories(plimsoll_${name} PUBLIC
        $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    target_compile_features(plimsoll_${name} PUBLIC cxx_std_20)
    precompile_common_headers(plimsoll_${name})
    list(TRANSFORM arg_DEPENDS PREPEND plimsoll:: OUTPUT_VARIABLE modules)
    target_link_libraries(plimsoll_${name} PUBLIC ${modules} PRIVATE ${arg_LIBRARIES})
    install(TARGETS plimsoll_${name} EXPORT plimsoll ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
    install(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/plimsoll/${name} FILES_MATCHING PATTERN "*.h" PATTERN "*_for_test.h" EXCLUDE)

    if(PLIMSOLL_TESTS)
        plimsoll_module_tests(${name} "${all}" "${arg_LIBRARIES}")
        if(arg_TEST_COST)
            set_tests_properties(unit.${name} PROPERTIES COST ${arg_TEST_COST})
        endif()
    endif()
endfunction()

function(plimsoll_module_tests name all libraries)
    set(tests ${all})
    list(FILTER tests INCLUDE REGEX "_test\\.cc$")
    if(tests)
        add_executable(${name}_test ${tests})
        precompile_common_headers(${name}_test)
        target_link_libraries(${name}_test PRIVATE plimsoll::${name} ${libraries} test_main)
        add_test(NAME unit.${name} COMMAND ${name}_test)
        set_tests_properties(unit.${name} PROPERTIES LABELS unit TIMEOUT 300)
        add_dependencies(test_programs ${name}_test)
    endif()

    set(benches ${all})
    list(FILTER benches INCLUDE REGEX "_bench\\.cc$")
    if(benches AND NOT PLIMSOLL_SANITIZE)
        add_executable(${name}_bench ${benches})
        target_link_libraries(${name}_bench PRIVATE plimsoll::${name} ${libraries} benchmark::benchmark_main)
        # In smoke mode, so that benchmarks cannot rot; figures come from running the program itself.
        # The large sizes are left out: unoptimised they take minutes.
        add_test(NAME bench.${name} COMMAND ${name}_bench --benchmark_min_time=0.001 "--benchmark_filter=-[/:]100000?")
        set_tests_properties(bench.${name} PROPERTIES LABELS bench TIMEOUT 300)
    endif()

    set(fuzzers ${all})
    list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cc$")
    foreach(fuzzer IN LISTS fuzzers)
        cmake_path(GET fuzzer STEM stem)
        add_executable(${stem} ${fuzzer})
        add_dependencies(fuzzers ${stem})
        target_link_libraries(${stem} PRIVATE plimsoll::${name} ${libraries})
        if(PLIMSOLL_FUZZ)
            target_link_options(${stem} PRIVATE -fsanitize=fuzzer)
        else()
            # Without libFuzzer the same entry point replays random bytes: seconds in smoke mode.
            target_sources(${stem} PRIVATE ${PROJECT_SOURCE_DIR}/tests/fuzz_main.cc)
            file(GLOB seeds CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/fuzz/${stem}/*)
            add_test(NAME fuzz.${stem} COMMAND ${stem} 1 ${seeds})
            set_tests_properties(fuzz.${stem} PROPERTIES LABELS fuzz TIMEOUT 120)
        endif()
    endforeach()
endfunction()
