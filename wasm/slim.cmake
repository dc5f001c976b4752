# The slim module: the loop for JavaScript and TypeScript: `loopscope.mjs`, `.wasm` and their types, `.d.mts`.
# Without MAIN_MODULE, so that it has only what it uses. tsc is the project's own.
# guest_*: the core that Python asks, through C functions.
add_executable(loopscope_slim bindings.cpp slim/js_call.cpp slim/js_handle.cpp slim/js_loop.cpp slim/guest_core.cpp
                             slim/guest_exports.cpp js_poller.cpp exception_type.cpp)
set_target_properties(
  loopscope_slim
  PROPERTIES OUTPUT_NAME loopscope
             SUFFIX .mjs
             LINK_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/slim/handle.js
             RULE_LAUNCH_LINK "\"${CMAKE_COMMAND}\" -E env \"PATH=${PROJECT_SOURCE_DIR}/node_modules/.bin:$ENV{PATH}\"")
target_include_directories(loopscope_slim PRIVATE ${CMAKE_CURRENT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/native/src)
target_link_libraries(loopscope_slim PRIVATE loopscope_flags loopscope::asyncio)
target_link_options(
  loopscope_slim
  PRIVATE
  -lembind
  --emit-tsd=loopscope.d.mts
  -sWASM_BIGINT
  -sMODULARIZE
  -sEXPORT_ES6
  -sEXPORT_NAME=loopscope
  -sENVIRONMENT=web,worker,node
  -sALLOW_MEMORY_GROWTH
  -sFILESYSTEM=0
  # What Python passes to the core: see guest_exports.cpp.
  -sEXPORTED_FUNCTIONS=_malloc,_free
  -sEXPORTED_RUNTIME_METHODS=HEAPU8
  --pre-js=${CMAKE_CURRENT_SOURCE_DIR}/slim/handle.js
  --no-entry)
