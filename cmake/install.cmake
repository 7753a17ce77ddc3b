# SPDX-License-Identifier: Apache-2.0
include(CMakePackageConfigHelpers)
install(EXPORT plimsoll NAMESPACE plimsoll:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/plimsoll FILE plimsoll-targets.cmake)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/plimsoll-config.cmake.in ${PROJECT_BINARY_DIR}/plimsoll-config.cmake
    INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/plimsoll)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/plimsoll-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/plimsoll-config.cmake ${PROJECT_BINARY_DIR}/plimsoll-config-version.cmake
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/plimsoll)
