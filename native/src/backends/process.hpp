// What the operating system knows of this process and does for it.
#pragma once

#include <atomic>

namespace asyncio {

// True unless this is certainly the only thread that may do something: pools' threads without a job
// will not.
bool other_threads_exist() noexcept;
// How many those are.
extern std::atomic<int> resting_threads;
// How many answers the program waits for that come from outside of it, and by no descriptor: child
// processes whose end a thread of their own waits for.
extern std::atomic<int> expected_answers;

// A number for this thread, and whether the thread of that number sleeps in the system: waits for
// something, and does not compute.
int this_thread_number() noexcept;
bool thread_sleeps(int number) noexcept;

}  // namespace asyncio
