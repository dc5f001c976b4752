// What the operating system knows of this process and does for it.
#pragma once

#include <asyncio/time.hpp>

namespace asyncio {

// True unless this is certainly the only thread.
bool other_threads_exist() noexcept;

}  // namespace asyncio
