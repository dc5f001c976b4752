# The CMake toolchain file of the `wasm` preset: asks emscripten.mjs where Emscripten is, then uses Emscripten's own file.
if(NOT DEFINED ENV{LOOPSCOPE_EMSCRIPTEN_CMAKE})
  find_program(LOOPSCOPE_NODE node REQUIRED)
  execute_process(
    COMMAND "${LOOPSCOPE_NODE}" "${CMAKE_CURRENT_LIST_DIR}/emscripten.mjs" --json
    OUTPUT_VARIABLE emscripten_json
    RESULT_VARIABLE emscripten_result)
  if(NOT emscripten_result EQUAL 0)
    message(FATAL_ERROR "There is no Emscripten to build with: see above.")
  endif()
  string(JSON emscripten_cmake GET "${emscripten_json}" toolchainFile)
  # CMake reads a toolchain file once for every check that it compiles; the environment spares them the search.
  set(ENV{LOOPSCOPE_EMSCRIPTEN_CMAKE} "${emscripten_cmake}")
endif()
include("$ENV{LOOPSCOPE_EMSCRIPTEN_CMAKE}")
