# Builds and runs project/ against the library, in one of two WAYs. Fails with what went wrong.
function(step what)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "OUTPUT" "COMMAND")
  execute_process(COMMAND ${arg_COMMAND} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${what} failed (${result}):\n${output}")
  endif()
  if(DEFINED arg_OUTPUT AND NOT output STREQUAL arg_OUTPUT)
    message(FATAL_ERROR "${what} printed:\n${output}\ninstead of:\n${arg_OUTPUT}")
  endif()
endfunction()

file(REMOVE_RECURSE ${FOLDER})
set(find -DLOOPSCOPE_REPOSITORY=${REPOSITORY})
if(WAY STREQUAL "installed")
  step("cmake --install" COMMAND ${CMAKE_COMMAND} --install ${LIBRARY_BUILD} --prefix ${FOLDER}/prefix)
  # Elsewhere than where it was installed: nothing may know its place.
  file(RENAME ${FOLDER}/prefix ${FOLDER}/moved)
  set(find -DCMAKE_PREFIX_PATH=${FOLDER}/moved)
endif()
set(with_trace ${CMAKE_COMMAND} -E env LOOPSCOPE_CLOCK=virtual LOOPSCOPE_TRACE=${FOLDER}/out.jsonl)

step("configuring" COMMAND ${CMAKE_COMMAND} -S ${REPOSITORY}/tests/consumer/project -B ${FOLDER}/build -G ${GENERATOR}
     -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_CXX_FLAGS=${FLAGS} -DCMAKE_BUILD_TYPE=Debug -DWAY=${WAY} ${find})
step("building" COMMAND ${CMAKE_COMMAND} --build ${FOLDER}/build --target with_main with_co_main)
step("the program with main()" COMMAND ${with_trace} ${FOLDER}/build/with_main OUTPUT "42\n")
file(STRINGS ${FOLDER}/out.jsonl lines)
list(GET lines 0 header)
list(GET lines -1 end)
if(NOT header MATCHES "\"program\":\"with_main\"" OR NOT end MATCHES "\"kind\":\"program_end\",\"outcome\":\"exited\",\"code\":0")
  message(FATAL_ERROR "the trace is not that of the program:\n${header}\n...\n${end}")
endif()
step("the program with co_main()" COMMAND ${with_trace} ${FOLDER}/build/with_co_main OUTPUT "42\n")

if(WAY STREQUAL "installed")
  set(loopscope ${CMAKE_COMMAND} -E env XDG_CACHE_HOME=${FOLDER}/cache ${FOLDER}/moved/bin/loopscope)
  step("the installed loopscope list" COMMAND ${loopscope} list)
  step("the installed loopscope run" COMMAND ${loopscope} run ${REPOSITORY}/tests/consumer/project/with_main.cpp
       --clock virtual OUTPUT "42\n")
  step("the installed loopscope trace" COMMAND ${loopscope} trace ${FOLDER}/out.jsonl)
  step("an installed example" COMMAND ${loopscope} run hello --clock virtual)
  if(PYTHON)
    file(WRITE ${FOLDER}/program.py "import asyncio, loopscope\n" "async def main():\n"
                                    "    await asyncio.sleep(3600)\n"
                                    "    return type(asyncio.get_running_loop()).__module__\n"
                                    "print(loopscope.run(main()))\n")
    set(python ${CMAKE_COMMAND} -E env PYTHONPATH=${FOLDER}/moved/share/loopscope/python LOOPSCOPE_CLOCK=virtual ${PYTHON})
    step("the installed package" COMMAND ${python} -B ${FOLDER}/program.py OUTPUT "loopscope\n")
    step("the installed loopscope run for Python" COMMAND ${loopscope} run ${FOLDER}/program.py --clock virtual
         OUTPUT "loopscope\n")
  endif()
endif()
file(REMOVE_RECURSE ${FOLDER})
