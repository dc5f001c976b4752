# cmake --install: the library for find_package(loopscope), and the command line twin with what it needs.
include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/loopscope)

install(TARGETS loopscope_asyncio loopscope_co_main EXPORT loopscopeTargets)
install(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/include/asyncio DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT loopscopeTargets NAMESPACE loopscope:: DESTINATION ${package})

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/loopscopeConfig.cmake.in
                              ${CMAKE_CURRENT_BINARY_DIR}/loopscopeConfig.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/loopscopeConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/loopscopeConfig.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/loopscopeConfigVersion.cmake DESTINATION ${package})

install(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/schema DESTINATION ${CMAKE_INSTALL_DATADIR}/loopscope)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/loopscope)
if(LOOPSCOPE_BUILD_CLI)
  install(TARGETS loopscope)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/examples DESTINATION ${CMAKE_INSTALL_DATADIR}/loopscope)
endif()
if(TARGET loopscope_python)
  install(TARGETS loopscope_python)
  install(TARGETS loopscope_python_module LIBRARY DESTINATION ${CMAKE_INSTALL_DATADIR}/loopscope/python)
  install(
    DIRECTORY ${PROJECT_SOURCE_DIR}/native/python/loopscope
    DESTINATION ${CMAKE_INSTALL_DATADIR}/loopscope/python
    PATTERN __pycache__ EXCLUDE)
endif()
