// Random numbers that are the same at every run.
#pragma once

#include <cstdint>

namespace asyncio::program {

// From here on what the operating system gives as random bytes (getrandom(), getentropy(),
// arc4random(), std::random_device) follows from `seed`. The WebAssembly twin has the same bytes:
// web/src/runtimes/chance.ts. What is read from the file /dev/urandom stays random.
void make_chance_repeatable(std::uint32_t seed) noexcept;

}  // namespace asyncio::program
