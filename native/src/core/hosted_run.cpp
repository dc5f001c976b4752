#include <asyncio/hosted_run.hpp>

#include "core/loop_access.hpp"

namespace asyncio {

using detail::LoopAccess;

HostedRun::HostedRun(Coro<int> main, std::optional<bool> debug, std::source_location loc)
    : loop_(new_event_loop()) {
  if (debug) loop_->set_debug(*debug);
  set_event_loop(loop_.get());
  main_ = loop_->create_task(std::move(main), {}, loc);
  begin(main_.shared());
}

HostedRun::~HostedRun() {
  if (loop_->is_running()) LoopAccess::end_run(*loop_);
  main_ = {};
}

void HostedRun::begin(const detail::Ref<detail::FutureBase>& until) {
  LoopAccess::begin_run(*loop_);
  auto node = detail::make_callback(
      "done_callback", [loop = loop_.get()] { loop->stop(); }, std::source_location{});
  until->add_callback(node.detach());
}

void HostedRun::advance() {
  loop_->turn(Duration::zero());
  if (LoopAccess::stopping(*loop_)) end_phase();
}

bool HostedRun::go_on(Phase phase, detail::Ref<detail::FutureBase> until) {
  if (!until) return false;
  phase_ = phase;
  cleanup_ = std::move(until);
  begin(cleanup_);
  return true;
}

void HostedRun::end_phase() {
  LoopAccess::end_run(*loop_);
  if (phase_ == Phase::cleanup) detail::report_failed_shutdown(*loop_, *cleanup_);
  if (phase_ == Phase::shutdown) cleanup_->throw_if_failed();
  if (phase_ == Phase::main && go_on(Phase::cleanup, detail::cancel_all_tasks(*loop_))) return;
  if (go_on(Phase::shutdown, detail::next_shutdown_step(*loop_))) return;
  phase_ = Phase::finished;
  set_event_loop(nullptr);
  loop_->close();
}

std::optional<Duration> HostedRun::next_timeout() const { return loop_->next_timeout(); }

int HostedRun::result() const { return main_.result(); }

}  // namespace asyncio
