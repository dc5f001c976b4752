// Where there are no threads and no signals, nobody rings: WebAssembly.
#include "backends/bell.hpp"

namespace asyncio {

Bell::Bell() = default;
Bell::~Bell() { static_cast<void>(event_); }  // another build has something to do here
void Bell::ring() noexcept {}
Bell::Heard Bell::wait(std::optional<Duration>) noexcept { return Heard::nothing; }

Duration really_now() noexcept { return {}; }

bool wait_really(std::condition_variable&, std::unique_lock<std::mutex>&, Duration) { return true; }

}  // namespace asyncio
