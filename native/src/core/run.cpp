#include <asyncio/run.hpp>

namespace asyncio::detail {

void check_no_loop_runs() {
  if (running_loop())
    throw RuntimeError("asyncio.run() cannot be called from a running event loop");
}

}  // namespace asyncio::detail
