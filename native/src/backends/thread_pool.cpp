// ThreadPoolExecutor where there are threads.
#include <pthread.h>

#include <algorithm>
#include <deque>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <asyncio/executor.hpp>

#include "backends/process.hpp"

namespace asyncio {

using detail::Job;

// Shared by the executor and its threads: an abandoned thread outlives the executor.
class ThreadPoolExecutor::Pool : public std::enable_shared_from_this<Pool> {
 public:
  Pool(std::size_t max_workers, std::string prefix)
      : max_workers_(max_workers), prefix_(std::move(prefix)) {}

  void execute(std::unique_ptr<Job> job);
  void shut_down(bool cancel_queued);
  void join();
  void abandon();
  void when_idle(std::function<void()> callback);

 private:
  void note_free(int change);
  void assign_next();
  void add_thread();
  void work();
  void run(Job& job);
  std::unique_ptr<Job> next_job(std::unique_lock<std::mutex>& lock);

  const std::size_t max_workers_;
  const std::string prefix_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::thread> threads_;
  std::deque<std::unique_ptr<Job>> queue_;
  std::set<Job*> running_;
  std::vector<std::function<void()>> when_idle_;
  // How many threads have no job and none on its way to them, and how many jobs at the head of the
  // queue are on their way. What is decided by them is the same at every run where time is virtual,
  // whichever thread comes first.
  std::size_t free_threads_ = 0;
  std::size_t assigned_ = 0;
  bool shut_down_ = false;
};

void ThreadPoolExecutor::Pool::execute(std::unique_ptr<Job> job) {
  const std::lock_guard lock(mutex_);
  if (shut_down_) throw RuntimeError("cannot schedule new futures after shutdown");
  if (free_threads_ == 0 && threads_.size() < max_workers_) add_thread();
  queue_.push_back(std::move(job));
  if (free_threads_ > 0) {
    note_free(-1);
    assign_next();
  }
  changed_.notify_one();
}

void ThreadPoolExecutor::Pool::note_free(int change) {
  free_threads_ += static_cast<std::size_t>(change);
  resting_threads += change;
}

// To whichever thread comes first.
void ThreadPoolExecutor::Pool::assign_next() {
  if (const auto& seat = queue_[assigned_++]->seat) seat->assign();
}

void ThreadPoolExecutor::Pool::add_thread() {
  threads_.emplace_back([self = shared_from_this()] { self->work(); });
  const std::string name = prefix_ + "_" + std::to_string(threads_.size() - 1);
  pthread_setname_np(threads_.back().native_handle(), name.substr(0, 15).c_str());
  note_free(+1);
}

std::unique_ptr<Job> ThreadPoolExecutor::Pool::next_job(std::unique_lock<std::mutex>& lock) {
  changed_.wait(lock, [this] { return assigned_ > 0 || (shut_down_ && queue_.empty()); });
  if (queue_.empty()) return nullptr;
  std::unique_ptr<Job> job = std::move(queue_.front());
  queue_.pop_front();
  --assigned_;
  running_.insert(job.get());
  return job;
}

void ThreadPoolExecutor::Pool::work() {
  std::unique_lock lock(mutex_);
  while (std::unique_ptr<Job> job = next_job(lock)) {
    lock.unlock();
    run(*job);
    lock.lock();
    running_.erase(job.get());
    const std::unique_ptr<detail::CrewSeat> seat = std::move(job->seat);
    job.reset();
    // Who gets the next one is settled before anybody else goes on.
    if (queue_.size() > assigned_) {
      assign_next();
    } else {
      note_free(+1);
    }
    std::vector<std::function<void()>> idle;
    if (running_.empty() && queue_.empty()) idle = std::exchange(when_idle_, {});
    lock.unlock();
    for (const auto& callback : idle) callback();
    if (seat) seat->end();
    lock.lock();
  }
  note_free(-1);
}

void ThreadPoolExecutor::Pool::run(Job& job) {
  if (job.seat) job.seat->begin();
  job.run();
}

void ThreadPoolExecutor::Pool::shut_down(bool cancel_queued) {
  std::deque<std::unique_ptr<Job>> given_up;
  {
    const std::lock_guard lock(mutex_);
    shut_down_ = true;
    if (cancel_queued) {
      given_up = std::exchange(queue_, {});
      note_free(static_cast<int>(std::exchange(assigned_, 0)));
    }
    changed_.notify_all();
  }
  for (const auto& job : given_up) job->give_up();
}

void ThreadPoolExecutor::Pool::join() {
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock(mutex_);
    if (threads_.empty()) return;
    threads = std::exchange(threads_, {});
    // This thread will not let time pass for them.
    for (Job* job : running_)
      if (job->seat) job->seat->set_free();
    for (const auto& job : queue_)
      if (job->seat) job->seat->set_free();
  }
  for (std::thread& thread : threads) {
    if (thread.get_id() == std::this_thread::get_id()) {
      thread.detach();
    } else {
      thread.join();
    }
  }
}

void ThreadPoolExecutor::Pool::abandon() {
  const std::lock_guard lock(mutex_);
  for (std::thread& thread : threads_) thread.detach();
  threads_.clear();
}

void ThreadPoolExecutor::Pool::when_idle(std::function<void()> callback) {
  {
    const std::lock_guard lock(mutex_);
    if (!running_.empty() || !queue_.empty()) {
      when_idle_.push_back(std::move(callback));
      return;
    }
  }
  callback();
}

ThreadPoolExecutor::ThreadPoolExecutor(int max_workers, std::string thread_name_prefix) {
  if (max_workers < 0) throw ValueError("max_workers must be greater than 0");
  const std::size_t usual = std::min(32U, std::max(1U, std::thread::hardware_concurrency()) + 4);
  pool_ = std::make_shared<Pool>(max_workers == 0 ? usual : static_cast<std::size_t>(max_workers),
                                 thread_name_prefix.empty() ? "ThreadPool" : thread_name_prefix);
}

ThreadPoolExecutor::~ThreadPoolExecutor() { ThreadPoolExecutor::shutdown(); }

void ThreadPoolExecutor::execute(std::unique_ptr<Job> job) { pool_->execute(std::move(job)); }

void ThreadPoolExecutor::shutdown(bool wait, bool cancel_futures) {
  pool_->shut_down(cancel_futures);
  if (wait) pool_->join();
}

void ThreadPoolExecutor::when_idle(std::function<void()> callback) {
  pool_->when_idle(std::move(callback));
}
void ThreadPoolExecutor::abandon() { pool_->abandon(); }

}  // namespace asyncio
