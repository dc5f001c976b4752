#include "reader/time_axis.hpp"

#include <algorithm>
#include <map>

namespace loopscope {

std::vector<std::int64_t> time_axis(const Trace& trace) {
  std::vector<std::int64_t> times;
  times.reserve(trace.events().size());
  std::map<std::uint64_t, std::int64_t> shifts;  // by loop; outside any loop, the recorder's clock
  std::int64_t last = 0;
  for (const Event& event : trace.events()) {
    std::int64_t time = event.t;
    if (event.loop != 0)
      time += shifts.emplace(event.loop, std::max<std::int64_t>(0, last - event.t)).first->second;
    times.push_back(last = std::max(last, time));
  }
  return times;
}

}  // namespace loopscope
