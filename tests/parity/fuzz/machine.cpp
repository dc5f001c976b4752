#include "machine.hpp"

#include <stdexcept>

#include "operations/context.hpp"
#include "operations/registry.hpp"

namespace fuzz {

using asyncio::Coro;

namespace {

constexpr int kMostOperations = 250;  // of all bodies together: programs may call themselves
constexpr asyncio::Duration kUnit = std::chrono::milliseconds(100);

// The program is wrong, not its outcome.
class UnknownOperation : public std::logic_error {
 public:
  explicit UnknownOperation(const std::string& name)
      : std::logic_error("unknown operation: " + name) {}
};

void act(Machine& machine, Arguments words) {
  const auto found = operations().acts.find(words.word(0));
  if (found == operations().acts.end()) throw UnknownOperation(words.word(0));
  found->second(machine, words.from(1));
}

}  // namespace

std::optional<asyncio::Duration> Arguments::timeout(std::size_t index) const {
  if (word(index) == "none") return std::nullopt;
  return number(index) * kUnit;
}

// What is let go of from here on may not log: the loop may be gone.
Machine::~Machine() { closed_ = true; }

Coro<int> Machine::main(int index) {
  loop_ = &asyncio::get_running_loop();
  if (index == 0) start_ = loop_->time();
  loop_->set_exception_handler([this](asyncio::EventLoop&, const auto& context) {
    if (context.message == "Exception in callback")
      log("handler " + describe(context.exception) + ", " + variables_text());
  });
  const int value = co_await body(index);
  co_return value;
}

void Machine::end(const std::function<std::string()>& run) {
  std::string text;
  try {
    text = run();
  } catch (const UnknownOperation&) {
    throw;
  } catch (...) {
    text = describe(std::current_exception());
  }
  log_.push_back("end " + text);
}

// -- Bodies --

const Body& Machine::body_at(int index) const {
  return program_.bodies[at(index, program_.bodies.size())];
}

Coro<int> Machine::body(int index) {
  const Body& body = body_at(index);
  const std::string name = std::to_string(index);
  log("begin " + name);
  std::exception_ptr failure;
  int value = index;
  try {
    for (const Operation& operation : body.operations) {
      if (operation.words[0] == "return") {
        value = std::stoi(operation.words[1]);
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

Coro<> Machine::guarded(const Operation& operation) {
  if (!spend()) co_return;
  const Arguments words(operation.words, 0);
  try {
    const auto found = operations().waits.find(words.word(0));
    if (found != operations().waits.end()) {
      co_await found->second(*this, words.from(1));
    } else {
      act(*this, words);
    }
  } catch (const UnknownOperation&) {
    throw;
  } catch (const asyncio::CancelledError&) {
    log("caught " + describe(std::current_exception()));
    if (!operation.survives_cancellation) throw;
  } catch (const std::exception&) {
    log("caught " + describe(std::current_exception()));
    if (!operation.survives_errors) throw;
  }
}

std::function<void()> Machine::action(Arguments words) {
  return [this, words] {
    if (spend()) act(*this, words);
  };
}

bool Machine::spend() noexcept { return operations_++ < kMostOperations; }

// -- Arguments --

std::size_t Machine::at(int index, std::size_t size) {
  const int count = static_cast<int>(size);
  return static_cast<std::size_t>(((index % count) + count) % count);
}

std::shared_ptr<Thing> Machine::thing(const std::string& word) const {
  return things_.empty() ? nullptr : things_[at(std::stoi(word), things_.size())];
}

std::shared_ptr<Thing> Machine::number(const std::string& word) const {
  auto found = thing(word);
  return found && found->number() ? found : nullptr;
}

std::vector<Argument> Machine::awaitables(Arguments words) {
  std::vector<Argument> arguments;
  for (std::size_t index = 0; index < words.size(); ++index) {
    const std::string& word = words.word(index);
    if (word[0] == 'b') {
      arguments.emplace_back(body(std::stoi(word.substr(1))));
    } else if (const auto found = number(word)) {
      arguments.emplace_back(*found->number());
    }
  }
  return arguments;
}

bool Machine::is_current(const Thing& thing) {
  return thing.task() && asyncio::AnyTask(*thing.task()) == asyncio::current_task();
}

// -- The log --

std::int64_t Machine::since_start(asyncio::Instant when) const {
  return std::chrono::round<std::chrono::milliseconds>(when - start_).count();
}

void Machine::log(const std::string& text) {
  if (closed_ || loop_->is_closed()) return;
  const auto task = asyncio::running_loop() ? asyncio::current_task() : std::nullopt;
  std::string who = "callback";
  if (task) who = task->get_name().substr(0, 5) == "Task-" ? "task" : task->get_name();
  log_.push_back(std::to_string(since_start(loop_->time())) + " " + std::to_string(loop_->turns()) +
                 " " + who + " " + text);
}

std::vector<std::string> run(const Program& program) {
  std::vector<std::string> log;
  Machine machine(program, log);
  if (program.runs == 1) {
    machine.end([&machine] { return "value " + std::to_string(asyncio::run(machine.main(0))); });
  } else {
    asyncio::Runner runner;
    for (int index = 0; index < program.runs; ++index) {
      machine.end([&machine, &runner, index] {
        return "value " + std::to_string(runner.run(machine.main(index)));
      });
    }
    machine.end([&runner] {
      runner.close();
      return std::string("value None");
    });
  }
  machine.close();
  return log;
}

}  // namespace fuzz
