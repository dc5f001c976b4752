// Whose turn it is at the other end of a descriptor.
#pragma once

namespace asyncio {

// Whether others than this process may write to, or read from, the other end of `fd`: a child
// process, a peer, a person at a terminal. Where that cannot be told it is false: what the process
// writes itself is there without any waiting.
bool answered_from_outside(int fd) noexcept;

}  // namespace asyncio
