#include <utility>

#include <asyncio/concurrent_future.hpp>
#include <asyncio/detail/crew.hpp>

namespace asyncio::detail {

bool ConcurrentState::done() const {
  const std::lock_guard lock(mutex_);
  return is_done();
}
bool ConcurrentState::running() const {
  const std::lock_guard lock(mutex_);
  return status_ == Status::running;
}
bool ConcurrentState::cancelled() const {
  const std::lock_guard lock(mutex_);
  return status_ == Status::cancelled;
}

bool ConcurrentState::begin() {
  const std::lock_guard lock(mutex_);
  if (status_ != Status::pending) return false;
  status_ = Status::running;
  return true;
}

bool ConcurrentState::cancel() {
  std::unique_lock lock(mutex_);
  if (status_ == Status::cancelled) return true;
  if (status_ != Status::pending) return false;
  end(Status::cancelled, nullptr, std::move(lock));
  return true;
}

void ConcurrentState::finish(std::exception_ptr exception) {
  end(Status::finished, std::move(exception), std::unique_lock(mutex_));
}

void ConcurrentState::end(Status status, std::exception_ptr exception,
                          std::unique_lock<std::mutex> lock) {
  status_ = status;
  exception_ = std::move(exception);
  const auto callbacks = std::exchange(callbacks_, {});
  for (CrewSeat* seat : std::exchange(waiting_, {})) seat->call_back();
  ended_.notify_all();
  lock.unlock();
  for (const auto& callback : callbacks) callback();
}

void ConcurrentState::on_done(std::function<void()> callback) {
  {
    const std::lock_guard lock(mutex_);
    if (!is_done()) {
      callbacks_.push_back(std::move(callback));
      return;
    }
  }
  callback();
}

// TimeoutError as Python's is: without a text.
void ConcurrentState::wait(std::optional<Duration> timeout) const {
  std::unique_lock lock(mutex_);
  if (is_done()) return;
  CrewSeat* const seat = CrewSeat::of_this_thread();
  if (seat && !timeout) {
    waiting_.push_back(seat);
    seat->step_aside();
  }
  const auto ended = [this] { return is_done(); };
  bool in_time = true;
  if (timeout) {
    in_time = ended_.wait_for(lock, *timeout, ended);
  } else {
    ended_.wait(lock, ended);
  }
  lock.unlock();
  if (seat && !timeout) seat->step_in();
  if (!in_time) throw TimeoutError();
}

void ConcurrentState::throw_if_failed() const {
  const std::lock_guard lock(mutex_);
  if (status_ == Status::cancelled) throw CancelledError();
  if (exception_) std::rethrow_exception(exception_);
}

std::exception_ptr ConcurrentState::exception() const {
  const std::lock_guard lock(mutex_);
  if (status_ == Status::cancelled) throw CancelledError();
  return exception_;
}

CrewSeat*& CrewSeat::of_this_thread() noexcept {
  static constinit thread_local CrewSeat* seat = nullptr;
  return seat;
}

}  // namespace asyncio::detail
