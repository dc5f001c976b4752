// Runs programs of the differential test on this library's loop.
//
// The machine runs bodies, keeps what they make, and writes the log; what each operation does is in
// operations/, beside its twin in Python.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <typeindex>
#include <vector>

#include <asyncio/asyncio.hpp>

#include "program.hpp"
#include "things.hpp"

namespace fuzz {

// The words behind an operation's name, in a program that outlives them.
class Arguments {
 public:
  Arguments(const std::vector<std::string>& words, std::size_t first) noexcept
      : words_(&words), first_(first) {}
  std::size_t size() const noexcept { return words_->size() - first_; }
  const std::string& word(std::size_t index) const { return words_->at(first_ + index); }
  int number(std::size_t index) const { return std::stoi(word(index)); }
  // A length of time; nullopt for "none".
  std::optional<asyncio::Duration> timeout(std::size_t index) const;
  asyncio::Duration delay(std::size_t index) const { return timeout(index).value(); }
  Arguments from(std::size_t index) const noexcept { return {*words_, first_ + index}; }

 private:
  const std::vector<std::string>* words_;
  std::size_t first_;
};

class Machine {
 public:
  Machine(const Program& program, std::vector<std::string>& log) : program_(program), log_(log) {}
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;
  ~Machine();

  // The main coroutine of run `index`, which is body `index`.
  asyncio::Coro<int> main(int index);
  // Nothing is logged from here on: what happens to futures and frames is not part of the
  // comparison.
  void close() noexcept { closed_ = true; }
  // Runs a main coroutine and writes down how it ended. Throws what says that the program is wrong.
  void end(const std::function<std::string()>& run);

  // -- For operations --

  asyncio::EventLoop& loop() const noexcept { return *loop_; }
  // Milliseconds since the first main coroutine began.
  std::int64_t since_start(asyncio::Instant when) const;
  void log(const std::string& text);
  asyncio::Coro<int> body(int index);
  const Body& body_at(int index) const;
  asyncio::Coro<> guarded(const Operation& operation);
  // An operation that does not wait, as a callback.
  std::function<void()> action(Arguments words);

  void add(std::shared_ptr<Thing> thing) { things_.push_back(std::move(thing)); }
  const std::vector<std::shared_ptr<Thing>>& things() const noexcept { return things_; }
  std::string next_task_name() const { return "t" + std::to_string(things_.size()); }
  // Any number is an index: it counts round, from the end if it is negative.
  static std::size_t at(int index, std::size_t size);
  std::shared_ptr<Thing> thing(const std::string& word) const;
  // The thing, if its result is a number.
  std::shared_ptr<Thing> number(const std::string& word) const;
  // "2 b1": the third thing, if it gives a number, and a new coroutine of body 1.
  std::vector<Argument> awaitables(Arguments words);
  static bool is_current(const Thing& thing);

  // What a file of operations keeps for this program.
  template <class S>
  S& state() {
    std::shared_ptr<void>& state = states_[typeid(S)];
    if (!state) state = std::make_shared<S>();
    return *static_cast<S*>(state.get());
  }

 private:
  bool spend() noexcept;

  const Program& program_;
  std::vector<std::string>& log_;
  asyncio::EventLoop* loop_ = nullptr;
  asyncio::Instant start_{};
  int operations_ = 0;
  bool closed_ = false;
  std::vector<std::shared_ptr<Thing>> things_;
  std::map<std::type_index, std::shared_ptr<void>> states_;
};

// The log of a program: "milliseconds turn task text" a line. Under the virtual clock
// (LOOPSCOPE_CLOCK=virtual). Throws std::logic_error for an operation that it does not know.
std::vector<std::string> run(const Program& program);

}  // namespace fuzz
