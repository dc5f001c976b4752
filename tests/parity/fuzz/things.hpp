// What a program of the differential test can wait for: tasks, futures and gathers, under one type.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include <asyncio/asyncio.hpp>

namespace fuzz {

// The exception that programs throw.
class Failed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// "Failed e3", "CancelledError c1", "RuntimeError": what both interpreters log of an exception.
std::string describe(const std::exception_ptr& error);

class Thing {
 public:
  Thing() = default;
  Thing(const Thing&) = delete;
  Thing& operator=(const Thing&) = delete;
  virtual ~Thing() = default;

  virtual asyncio::Coro<std::string> wait() = 0;
  virtual bool cancel(const std::string& message) = 0;
  virtual asyncio::Handle on_done(std::function<void()> callback) = 0;
  virtual std::size_t remove(const asyncio::Handle& registration) = 0;
  // Its state as text: "pending", or what it ended with.
  virtual std::string state() const = 0;
  // Null for a gather: gathers are not gathered.
  virtual const asyncio::Future<int>* number() const { return nullptr; }
  // Null unless the program itself may complete it.
  virtual const asyncio::Future<int>* plain() const { return nullptr; }
  virtual const asyncio::Task<int>* task() const { return nullptr; }
};

using Argument = std::variant<asyncio::Future<int>, asyncio::Coro<int>>;

std::shared_ptr<Thing> task_thing(asyncio::Task<int> task);
std::shared_ptr<Thing> future_thing(asyncio::Future<int> future);
std::shared_ptr<Thing> shield_thing(asyncio::Future<int> shield);
// gather(a, b, c): at most three.
std::shared_ptr<Thing> gather_thing(bool keep_exceptions, std::vector<Argument> arguments);
// gather(vector).
std::shared_ptr<Thing> gather_thing(bool keep_exceptions,
                                    std::vector<asyncio::Future<int>> arguments);

}  // namespace fuzz
