// What the environment asks of a program that is linked with the library.
#pragma once

// Defined in an executable that only starts programs: the variables are meant for those.
extern "C" [[gnu::weak]] void loopscope_only_starts_programs();

namespace asyncio::program {

// Once per process, before main() or with the first loop: LOOPSCOPE_TRACE (a file to write the
// trace to; only this process does: it takes the variable out of the environment, unless the name
// has a %p, which stands for the process's number), LOOPSCOPE_SOURCE (the file that goes into the
// trace's header), LOOPSCOPE_CLOCK (real, virtual), LOOPSCOPE_LOOP (a backend's name),
// LOOPSCOPE_PROGRAM (its name in the trace), LOOPSCOPE_SEED (what random numbers follow from, 0
// under the virtual clock: see chance.hpp), LOOPSCOPE_DEBUG (1: debug mode), LOOPSCOPE_TRACE_EVENTS
// (how many events are recorded at most, two million unless it is given, 0 for all; of more, the
// trace says how many there were). A wrong value ends the program with exit code 2 and says what is
// wrong.
void read_environment();

}  // namespace asyncio::program
