// Where the parts meet: the core, a backend, the program's recorder.
#include <asyncio/event_loop.hpp>

#include "backends/registry.hpp"
#include "core/loop_access.hpp"
#include "program/environment.hpp"
#include "program/settings.hpp"
#include "program/uncaught_group.hpp"

namespace asyncio {

EventLoop::Backend new_backend(std::string_view backend) {
  program::read_environment();
  return make_backend(backend.empty() ? program::backend() : backend);
}

std::unique_ptr<EventLoop> new_event_loop(EventLoop::Backend backend) {
  program::read_environment();
  program::tell_what_is_in_uncaught_groups();
  auto loop = std::make_unique<EventLoop>(std::move(backend), program::recorder());
  loop->set_debug(program::debug());
  return loop;
}

std::unique_ptr<EventLoop> new_event_loop(std::string_view backend) {
  return new_event_loop(new_backend(backend));
}

Tracer* detail::tracer_of_process() {
  program::read_environment();
  return program::recorder();
}

}  // namespace asyncio
