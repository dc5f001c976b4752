// Programs that are cut off after some number of turns, whatever they are in the middle of.
#pragma once

#include <memory>
#include <stdexcept>

#include <asyncio/policy.hpp>

#include "backends/registry.hpp"

namespace asyncio {

// What a loop throws then. No std::exception: programs do not catch it.
struct CutOff {};

// Lets a loop begin so many turns; then throws CutOff out of it.
class CutOffPoller final : public Poller {
 public:
  struct Left {
    unsigned turns;
    bool once;  // a run that goes on after that, to clean up, may
    bool cut = false;
  };
  CutOffPoller(std::shared_ptr<Poller> inner, std::shared_ptr<Left> left)
      : inner_(std::move(inner)), left_(std::move(left)) {}

  void watch(int fd, Interest interest) override { inner_->watch(fd, interest); }
  void wait(std::optional<Duration> timeout, std::vector<Ready>& ready) override {
    if (left_->turns == 0 && !(left_->cut && left_->once)) {
      left_->cut = true;
      throw CutOff();
    }
    if (left_->turns > 0) --left_->turns;
    inner_->wait(timeout, ready);
  }
  void turn_begins(Instant next) override { inner_->turn_begins(next); }
  void wake() noexcept override { inner_->wake(); }
  std::unique_ptr<detail::CrewSeat> new_seat() override { return inner_->new_seat(); }
  bool threads_take_turns() const override { return inner_->threads_take_turns(); }
  std::string_view name() const noexcept override { return inner_->name(); }

 private:
  std::shared_ptr<Poller> inner_;
  std::shared_ptr<Left> left_;
};

// Under the virtual clock every loop is such a one: also of a policy of the program's own, and
// those that are no library's loop.
class CutOffBackend {
 public:
  explicit CutOffBackend(std::shared_ptr<CutOffPoller::Left> left) {
    static const bool registered = [] {
      make_virtual_ = find_virtual();
      register_backend({"virtual", "cut off", &make});
      return true;
    }();
    static_cast<void>(registered);
    left_ = std::move(left);
  }
  CutOffBackend(const CutOffBackend&) = delete;
  CutOffBackend& operator=(const CutOffBackend&) = delete;
  ~CutOffBackend() { left_ = nullptr; }

 private:
  using Make = EventLoop::Backend (*)();
  static Make find_virtual() {
    for (const BackendInfo& backend : available_backends())
      if (backend.name == "virtual") return backend.make;
    throw std::logic_error("there is no virtual clock");
  }
  static EventLoop::Backend make() {
    EventLoop::Backend backend = make_virtual_();
    if (left_) backend.poller = std::make_shared<CutOffPoller>(std::move(backend.poller), left_);
    return backend;
  }

  static inline Make make_virtual_ = nullptr;
  static inline std::shared_ptr<CutOffPoller::Left> left_;
};

// Runs `program` cut off after 0, 1, 2 ... turns until it comes to its end, each time in both ways:
// for good, and so that the run can clean up. How many turns that were.
template <class F>
unsigned cut_off_everywhere(const F& program) {
  for (unsigned turns = 0;; ++turns) {
    bool cut = false;
    for (const bool once : {false, true}) {
      const auto left = std::make_shared<CutOffPoller::Left>(CutOffPoller::Left{turns, once});
      const CutOffBackend backend(left);
      try {
        program();
      } catch (const CutOff&) {
      }
      set_event_loop_policy(nullptr);  // the program may have set one
      cut = cut || left->cut;
    }
    if (!cut) return turns;
  }
}

}  // namespace asyncio
