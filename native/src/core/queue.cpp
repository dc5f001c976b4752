#include <asyncio/detail/queue_core.hpp>

namespace asyncio::detail {

void QueueCore::note_item(std::string_view op, std::optional<std::string> item) {
  resource_.note(op, [&] {
    ResourceNow state = now();
    state.item = std::move(item);
    return state;
  });
}

void QueueCore::note_put(std::optional<std::string> item) {
  ++unfinished_;
  finished_->clear();
  note_item("put", std::move(item));
  getters_.take_next();
}

void QueueCore::note_got(std::optional<std::string> item) {
  note_item("got", std::move(item));
  putters_.take_next();
}

// asyncio: what Queue.get and Queue.put do on any exception
void QueueCore::give_up(WaiterLine& line, ResourceFuture& place) {
  place.cancel({});
  const bool in_vain = &line == &getters_ ? empty() : full();
  if (!in_vain && !place.cancelled()) line.take_next();
}

void QueueCore::task_done() {
  if (unfinished_ <= 0) throw ValueError("task_done() called too many times");
  --unfinished_;
  note("done");
  if (unfinished_ == 0) finished_->set();
}

Coro<> QueueCore::join([[maybe_unused]] Ref<QueueCore> self) {
  if (unfinished_ > 0) co_await finished_->wait(finished_);
}

void QueueCore::shutdown(bool immediate) {
  shut_down_ = true;
  if (immediate) {
    while (!empty()) {
      drop_item();
      if (unfinished_ > 0) --unfinished_;
    }
  }
  note("shut_down");
  if (immediate && unfinished_ == 0) finished_->set();
  // They look again, and find it shut down.
  while (!getters_.empty()) getters_.take_next();
  while (!putters_.empty()) putters_.take_next();
}

// asyncio: Queue._format
std::string QueueCore::text() const {
  std::string text = "<" + std::string(name_) + " " + std::to_string(resource_.id()) +
                     " maxsize=" + std::to_string(maxsize_);
  const auto add = [&text](std::string_view what, std::size_t count, std::string_view after) {
    if (count > 0) text += " " + std::string(what) + std::to_string(count) + std::string(after);
  };
  add("_queue[", size(), "]");
  add("_getters[", getters_.size(), "]");
  add("_putters[", putters_.size(), "]");
  add("tasks=", static_cast<std::size_t>(unfinished_), "");
  return text + (shut_down_ ? " shutdown>" : ">");
}

ResourceNow QueueCore::now() const {
  const std::size_t items = size();
  std::string state = maxsize_ > 0 ? std::to_string(items) + " of " + std::to_string(maxsize_)
                      : items == 0 ? "empty"
                      : items == 1 ? "1 item"
                                   : std::to_string(items) + " items";
  // What was taken out and is not done: what join() still waits for when it is empty.
  if (const std::int64_t out = unfinished_ - static_cast<std::int64_t>(items); out > 0)
    state += ", " + std::to_string(out) + " not done";
  if (shut_down_) state += ", shut down";
  ResourceNow now{.state = std::move(state),
                  .value = static_cast<std::int64_t>(items),
                  .waiters = getters_.size() + putters_.size() + finished_->waiters()};
  if (maxsize_ > 0) now.limit = maxsize_;
  return now;
}

}  // namespace asyncio::detail
