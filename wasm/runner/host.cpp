#include "runner/host.hpp"

#include <cstddef>

#include <emscripten/em_js.h>
#include <emscripten/emscripten.h>

// The C names in JavaScript. The bodies are JavaScript: clang-format would take them for C++.
// clang-format off
EM_JS(void, loopscope_host_trace, (const char* data, std::size_t size), {
  Module.hooks.trace(HEAPU8.slice(data, data + size));
})
EM_JS(void, loopscope_host_print, (int fd, const char* data, std::size_t size), {
  if (Module.hooks.output) Module.hooks.output(fd, HEAPU8.slice(data, data + size));
})
EM_JS(void, loopscope_host_sleep, (double milliseconds), {
  Module.hooks.sleep(milliseconds);
})
// clang-format on

namespace loopscope::host {

void trace(std::string_view lines) { loopscope_host_trace(lines.data(), lines.size()); }
void print(int fd, std::string_view text) { loopscope_host_print(fd, text.data(), text.size()); }
void sleep(double milliseconds) { loopscope_host_sleep(milliseconds); }
double now() { return emscripten_get_now(); }

}  // namespace loopscope::host
