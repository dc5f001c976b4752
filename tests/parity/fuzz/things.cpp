#include "things.hpp"

#include <asyncio/exception_group.hpp>

namespace fuzz {

namespace {

std::string text(int value) { return std::to_string(value); }

std::string text(const asyncio::Outcome<int>& outcome) {
  return outcome.ok() ? text(outcome.value()) : describe(outcome.exception());
}

template <class T>
std::string text(const std::vector<T>& values) {
  std::string all;
  for (const T& value : values) all += (all.empty() ? "" : ", ") + text(value);
  return "[" + all + "]";
}

template <class... T>
std::string text(const std::tuple<T...>& values) {
  std::string all;
  const auto add = [&all](const auto& value) { all += (all.empty() ? "" : ", ") + text(value); };
  std::apply([&add](const auto&... value) { (add(value), ...); }, values);
  return "[" + all + "]";
}

template <class T>
class Waitable : public Thing {
 public:
  explicit Waitable(asyncio::Future<T> future) : future_(std::move(future)) {}

  asyncio::Coro<std::string> wait() override {
    const T value = co_await future_;
    co_return text(value);
  }
  bool cancel(const std::string& message) override { return future_.cancel(message); }
  asyncio::Handle on_done(std::function<void()> callback) override {
    return future_.add_done_callback(
        [callback = std::move(callback)](const asyncio::Future<T>&) { callback(); });
  }
  std::size_t remove(const asyncio::Handle& registration) override {
    return future_.remove_done_callback(registration);
  }
  std::string state() const override {
    if (!future_.done()) return "pending";
    if (future_.cancelled()) return "cancelled";
    const std::exception_ptr error = future_.exception();
    return error ? describe(error) : text(future_.result());
  }

 protected:
  const asyncio::Future<T>& future() const noexcept { return future_; }

 private:
  asyncio::Future<T> future_;
};

class FutureThing final : public Waitable<int> {
 public:
  using Waitable::Waitable;
  const asyncio::Future<int>* number() const override { return &future(); }
  const asyncio::Future<int>* plain() const override { return &future(); }
};

class ShieldThing final : public Waitable<int> {
 public:
  using Waitable::Waitable;
  const asyncio::Future<int>* number() const override { return &future(); }
};

class TaskThing final : public Waitable<int> {
 public:
  explicit TaskThing(asyncio::Task<int> task) : Waitable(task), task_(std::move(task)) {}
  const asyncio::Future<int>* number() const override { return &future(); }
  const asyncio::Task<int>* task() const override { return &task_; }

 private:
  asyncio::Task<int> task_;
};

template <class T>
std::shared_ptr<Thing> waitable(asyncio::Future<T> future) {
  return std::make_shared<Waitable<T>>(std::move(future));
}

// Turns the arguments known at run time into an argument list.
template <class... A>
std::shared_ptr<Thing> gather_from(bool keep_exceptions, std::vector<Argument>& arguments,
                                   A... found) {
  constexpr std::size_t count = sizeof...(A);
  if (count == arguments.size()) {
    if (keep_exceptions)
      return waitable(asyncio::gather(asyncio::return_exceptions, std::move(found)...));
    return waitable(asyncio::gather(std::move(found)...));
  }
  if constexpr (count < 3) {
    return std::visit(
        [&](auto& next) {
          return gather_from(keep_exceptions, arguments, std::move(found)..., std::move(next));
        },
        arguments[count]);
  } else {
    throw std::runtime_error("gather takes at most three arguments here");
  }
}

}  // namespace

namespace {

// What stands in <> speaks of addresses; a deadlock, of tasks by number.
std::string comparable(const std::string& type, std::string words) {
  const std::size_t open = words.find('<');
  const std::size_t close = words.rfind('>');
  if (open != std::string::npos && close != std::string::npos && open < close)
    words.replace(open, close - open + 1, "<>");
  const bool nothing = words.empty() || type == "DeadlockError";
  return nothing ? type : type + " " + words;
}

// Python's names for what has another in C++.
std::string type_name(const std::exception_ptr& error) {
  const std::string type = asyncio::describe_type(error);
  return type == "std::invalid_argument" ? "ValueError" : type;
}

}  // namespace

std::string describe(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Failed& failed) {
    return comparable("Failed", failed.what());
  } catch (const asyncio::CancelledError& cancelled) {
    return comparable("CancelledError", cancelled.what());
  } catch (const asyncio::ExceptionGroup& group) {
    std::string inner;
    for (const std::exception_ptr& one : group.exceptions())
      inner += (inner.empty() ? "" : "; ") + describe(one);
    return std::string("ExceptionGroup ") + group.what() + " [" + inner + "]";
  } catch (const std::exception& other) {
    return comparable(type_name(error), other.what());
  }
}

std::shared_ptr<Thing> task_thing(asyncio::Task<int> task) {
  return std::make_shared<TaskThing>(std::move(task));
}
std::shared_ptr<Thing> future_thing(asyncio::Future<int> future) {
  return std::make_shared<FutureThing>(std::move(future));
}
std::shared_ptr<Thing> shield_thing(asyncio::Future<int> shield) {
  return std::make_shared<ShieldThing>(std::move(shield));
}
std::shared_ptr<Thing> gather_thing(bool keep_exceptions, std::vector<Argument> arguments) {
  return gather_from(keep_exceptions, arguments);
}
std::shared_ptr<Thing> gather_thing(bool keep_exceptions,
                                    std::vector<asyncio::Future<int>> arguments) {
  if (keep_exceptions)
    return waitable(asyncio::gather(asyncio::return_exceptions, std::move(arguments)));
  return waitable(asyncio::gather(std::move(arguments)));
}

}  // namespace fuzz
