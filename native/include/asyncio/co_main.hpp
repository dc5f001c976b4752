// A program whose entry point is a coroutine.
#pragma once

#include <asyncio/coro.hpp>

// Define it instead of main(); the library's main() runs it with asyncio::run(), and in a page it
// runs on the page's own event loop. Its result is the program's exit code. (The idea is
// Boost.Cobalt's.)
asyncio::Coro<int> co_main(int argc, char** argv);
