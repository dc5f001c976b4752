#include "interpreter.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>

#include "things.hpp"

namespace fuzz {

namespace {

using asyncio::Coro;

constexpr int kMostOperations = 250;  // of all bodies together: programs may call themselves
constexpr asyncio::Duration kUnit = std::chrono::milliseconds(100);

using Words = std::vector<std::string>;

class Interpreter {
 public:
  Interpreter(const Program& program, std::vector<std::string>& log)
      : program_(program), log_(log) {}

  Coro<int> main() {
    loop_ = &asyncio::get_running_loop();
    start_ = loop_->time();
    loop_->set_exception_handler([this](asyncio::EventLoop&, const auto& context) {
      if (context.message == "Exception in callback") log("handler " + describe(context.exception));
    });
    const int value = co_await body(0);
    co_return value;
  }

  // What happens to futures and frames afterwards is not part of the comparison.
  void close() { closed_ = true; }
  void log_end(const std::string& text) { log_.push_back("end " + text); }

 private:
  // -- Bodies --

  Coro<int> body(int index) {
    const Body& body = program_.bodies[at(index, program_.bodies.size())];
    const std::string name = std::to_string(index);
    log("begin " + name);
    std::exception_ptr failure;
    int value = index;
    try {
      for (const Operation& operation : body.operations) {
        if (operation.words[0] == "return") {
          value = number(operation.words, 1);
          break;
        }
        co_await guarded(operation);
      }
    } catch (...) {
      failure = std::current_exception();
    }
    if (failure) {
      log("leave " + name + " " + describe(failure));
      for (const Operation& operation : body.cleanup) co_await guarded(operation);
      std::rethrow_exception(failure);
    }
    log("end " + name);
    co_return value;
  }

  Coro<> guarded(const Operation& operation) {
    if (operations_++ >= kMostOperations) co_return;
    try {
      co_await perform(operation.words);
    } catch (const asyncio::CancelledError&) {
      log("caught " + describe(std::current_exception()));
      if (!operation.survives_cancellation) throw;
    } catch (const std::exception&) {
      log("caught " + describe(std::current_exception()));
      if (!operation.survives_errors) throw;
    }
  }

  Coro<> perform(const Words& words) {
    const std::string& name = words[0];
    if (name == "sleep") {
      co_await asyncio::sleep(number(words, 1) * kUnit);
      log("slept");
    } else if (name == "call") {
      const int value = co_await body(number(words, 1));
      log("called " + std::to_string(value));
    } else if (name == "await") {
      if (const auto thing = thing_at(words, 1); thing && !is_current(*thing)) {
        const std::string value = co_await thing->wait();
        log("got " + value);
      }
    } else if (name == "await_self") {
      for (const auto& thing : things_)
        if (is_current(*thing)) co_await *thing->task();
    } else {
      act(words, 0);
    }
  }

  // -- What needs no waiting, and so can be a callback, too --

  void act(const Words& words, std::size_t at) {
    const std::string& name = words[at];
    if (name == "log") {
      log("log " + words[at + 1]);
    } else if (name == "raise") {
      throw Failed("e" + words[at + 1]);
    } else if (name == "block") {
      std::this_thread::sleep_for(number(words, at + 1) * kUnit);
    } else if (name == "spawn") {
      spawn(number(words, at + 1));
    } else if (name == "future") {
      things_.push_back(future_thing(loop_->create_future<int>()));
    } else if (name == "gather" || name == "gather_list") {
      gather(words, at);
    } else if (name == "soon" || name == "threadsafe" || name == "later") {
      schedule(words, at);
    } else if (name == "drop") {
      if (!handles_.empty())
        handles_[Interpreter::at(number(words, at + 1), handles_.size())].cancel();
    } else if (name == "undone") {
      forget(number(words, at + 1));
    } else if (name == "tasks") {
      log("tasks " + std::to_string(asyncio::all_tasks(*loop_).size()));
    } else if (name == "stop") {
      loop_->stop();
    } else {
      act_on_thing(words, at);
    }
  }

  void act_on_thing(const Words& words, std::size_t at) {
    const std::string& name = words[at];
    const auto thing = thing_at(words, at + 1);
    if (!thing) return;
    if (name == "cancel") {
      const std::string message = words.size() > at + 2 ? "c" + words[at + 2] : "";
      log("cancel " + std::to_string(thing->cancel(message)));
    } else if (name == "cancelling") {
      if (thing->task()) log("cancelling " + std::to_string(thing->task()->cancelling()));
    } else if (name == "state") {
      log("state " + thing->state());
    } else if (name == "set") {
      if (thing->plain()) thing->plain()->set_result(number(words, at + 2));
    } else if (name == "fail") {
      if (thing->plain()) thing->plain()->set_exception(Failed("f" + words[at + 2]));
    } else if (name == "done") {
      registrations_.emplace_back(thing, thing->on_done(action(words, at + 2)));
    } else {
      throw std::logic_error("unknown operation: " + name);
    }
  }

  void spawn(int index) {
    const std::string name = "t" + std::to_string(things_.size());
    things_.push_back(task_thing(loop_->create_task(body(index), name)));
  }

  // "gather keep 2 b1": of the third thing and a new coroutine of body 1.
  void gather(const Words& words, std::size_t at) {
    const bool keep = words[at + 1] == "keep";
    if (words[at] == "gather_list") {
      std::vector<asyncio::Future<int>> futures;
      for (std::size_t index = at + 2; index < words.size(); ++index)
        if (const auto thing = thing_at(words, index); thing && thing->number())
          futures.push_back(*thing->number());
      if (futures.empty()) return;
      things_.push_back(gather_thing(keep, std::move(futures)));
      return;
    }
    std::vector<Argument> arguments;
    for (std::size_t index = at + 2; index < words.size(); ++index) {
      if (words[index][0] == 'b') {
        arguments.emplace_back(body(std::stoi(words[index].substr(1))));
      } else if (const auto thing = thing_at(words, index); thing && thing->number()) {
        arguments.emplace_back(*thing->number());
      }
    }
    if (arguments.empty()) return;
    things_.push_back(gather_thing(keep, std::move(arguments)));
  }

  void schedule(const Words& words, std::size_t at) {
    if (words[at] == "soon") {
      handles_.push_back(loop_->call_soon(action(words, at + 1)));
    } else if (words[at] == "threadsafe") {
      loop_->call_soon_threadsafe(action(words, at + 1));
    } else {
      const auto delay = number(words, at + 1) * kUnit;
      handles_.push_back(loop_->call_later(delay, action(words, at + 2)));
    }
  }

  void forget(int index) {
    if (registrations_.empty()) return;
    const auto& [thing, handle] = registrations_[at(index, registrations_.size())];
    log("undone " + std::to_string(thing->remove(handle)));
  }

  std::function<void()> action(const Words& words, std::size_t at) {
    return [this, words, at] {
      if (operations_++ < kMostOperations) act(words, at);
    };
  }

  // -- Arguments --

  // Any number is an index: it counts round, from the end if it is negative.
  static std::size_t at(int index, std::size_t size) {
    const int count = static_cast<int>(size);
    return static_cast<std::size_t>(((index % count) + count) % count);
  }
  static int number(const Words& words, std::size_t index) { return std::stoi(words.at(index)); }
  std::shared_ptr<Thing> thing_at(const Words& words, std::size_t index) const {
    return things_.empty() ? nullptr : things_[at(number(words, index), things_.size())];
  }

  static bool is_current(const Thing& thing) {
    return thing.task() && asyncio::AnyTask(*thing.task()) == asyncio::current_task();
  }

  void log(const std::string& text) {
    if (closed_) return;
    const auto task = asyncio::running_loop() ? asyncio::current_task() : std::nullopt;
    const auto passed =
        std::chrono::duration_cast<std::chrono::milliseconds>(loop_->time() - start_);
    std::string who = "callback";
    if (task) who = task->get_name().substr(0, 5) == "Task-" ? "task" : task->get_name();
    log_.push_back(std::to_string(passed.count()) + " " + std::to_string(loop_->turns()) + " " +
                   who + " " + text);
  }

  const Program& program_;
  std::vector<std::string>& log_;
  asyncio::EventLoop* loop_ = nullptr;
  asyncio::Instant start_{};
  int operations_ = 0;
  bool closed_ = false;
  std::vector<std::shared_ptr<Thing>> things_;
  std::vector<asyncio::Handle> handles_;
  std::vector<std::pair<std::shared_ptr<Thing>, asyncio::Handle>> registrations_;
};

}  // namespace

std::vector<std::string> run(const Program& program) {
  std::vector<std::string> log;
  Interpreter interpreter(program, log);
  try {
    const int value = asyncio::run(interpreter.main());
    interpreter.log_end("value " + std::to_string(value));
  } catch (const std::logic_error&) {
    throw;  // the program is wrong, not its outcome
  } catch (...) {
    interpreter.log_end(describe(std::current_exception()));
  }
  interpreter.close();
  return log;
}

}  // namespace fuzz
