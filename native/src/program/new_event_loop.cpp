// Where the parts meet: the core, a backend, the program's recorder.
#include <asyncio/event_loop.hpp>

#include "backends/registry.hpp"
#include "program/environment.hpp"
#include "program/settings.hpp"

namespace asyncio {

std::unique_ptr<EventLoop> new_event_loop() {
  program::read_environment();
  auto loop = std::make_unique<EventLoop>(make_backend(program::backend()), program::recorder());
  loop->set_debug(program::debug());
  return loop;
}

}  // namespace asyncio
