// Coroutines that give many values.
#pragma once

#include <asyncio/task.hpp>

namespace asyncio {

// Thrown into an async generator at its co_yield when it is closed, so that it cleans up. Let it
// pass, or end; a co_yield after it is an error. As in Python, where it is no `Exception`, it does
// not derive from std::exception.
// Python: GeneratorExit(BaseException)
class GeneratorExit {
 public:
  const char* what() const noexcept { return ""; }
};

template <class T, class Sent = void>
class AsyncGenerator;

namespace detail {

// An async generator, its values aside: the frame, whether it runs, who may begin a step.
class GeneratorCore : private Abandonable {
 public:
  GeneratorCore(const GeneratorCore&) = delete;
  GeneratorCore& operator=(const GeneratorCore&) = delete;

  void retain() const noexcept { ++references_; }
  void release() const noexcept {
    if (--references_ == 0) const_cast<GeneratorCore*>(this)->end();
  }
  bool finished() const noexcept { return !call_.has_frame(); }
  bool started() const noexcept { return started_; }
  // Throws RuntimeError "<method>(): asynchronous generator is already running".
  void check_not_running(const char* method) const;

  // The generator goes on until it yields, throws or ends; then `caller` does. All in one step of
  // the caller's task, if the generator does not wait. `thrown`: out of its co_yield, or null.
  void begin_step(const PromiseBase& caller, std::exception_ptr thrown);
  // Whether it yielded; throws what it threw.
  bool end_step();
  // Once dropped it goes: it had its chance to clean up.
  void mark_closed() noexcept { closed_ = true; }
  // Ends it where it stands: its locals go, nothing is thrown into it.
  void drop() noexcept;
  // Of a loop's generators.
  static bool any_unfinished(const Abandonable* list) noexcept;
  // "<async_generator object numbers>"
  std::string text() const;

  // For its promise: the step is over.
  void step_ends() noexcept { running_ = false; }
  void throw_what_was_thrown() {
    if (thrown_) [[unlikely]]
      std::rethrow_exception(std::exchange(thrown_, nullptr));
  }

 protected:
  explicit GeneratorCore(PromiseBase& promise) noexcept;
  virtual ~GeneratorCore() = default;

 private:
  friend class asyncio::EventLoop;
  void begin_first(EventLoop& loop);
  void end() noexcept;
  bool hand_over_to_loop() noexcept;
  void abandon() noexcept override { leave_list(); }
  virtual void dispose() noexcept = 0;

  Call call_;
  const char* function_;
  std::exception_ptr thrown_;
  Ref<LoopAnchor> anchor_;  // of the loop that runs it
  mutable unsigned references_ = 0;
  bool started_ = false;
  bool running_ = false;
  bool closed_ = false;  // aclose() was called; asyncio: ag_closed
};

// Closes it: GeneratorExit out of its co_yield.
Coro<> aclose(Ref<GeneratorCore> generator);

template <class T, class Sent>
class GeneratorState final : public GeneratorCore, public Pooled {
 public:
  explicit GeneratorState(PromiseBase& promise) noexcept : GeneratorCore(promise) {}
  std::optional<T> value;
  std::optional<stored_t<Sent>> sent;

 private:
  void dispose() noexcept override { delete this; }
};

template <class T, class Sent>
class GeneratorPromise final : public PromiseBase {
 public:
  AsyncGenerator<T, Sent> get_return_object(BodyPlace body = BodyPlace());
  void return_void() const noexcept {
    state_->step_ends();
    call().returns();
  }
  void unhandled_exception() {
    PromiseBase::unhandled_exception();
    state_->step_ends();
  }

  // co_yield: the value goes to whoever asked for it, who goes on; the generator waits for the next
  // one to ask.
  class Yielded : public AwaiterTag {
   public:
    template <class V>
    Yielded(GeneratorPromise& promise, V&& value)
        : promise_(promise), value_(std::forward<V>(value)) {}
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<>) {
      promise_.state_->value.emplace(std::move(value_));
      promise_.state_->step_ends();
      promise_.return_to_caller();
    }
    auto await_resume() const {
      promise_.state_->throw_what_was_thrown();
      if constexpr (!std::is_void_v<Sent>)
        return std::exchange(promise_.state_->sent, std::nullopt);
    }

   private:
    GeneratorPromise& promise_;
    T value_;
  };
  template <std::convertible_to<T> V = T>
  auto yield_value(V&& value) {
    return AwaitInOrder<PromiseBase, Yielded>(*this, this->where(),
                                              Yielded(*this, std::forward<V>(value)));
  }

 private:
  GeneratorState<T, Sent>* state_ = nullptr;
};

// Awaits the generator's next value.
template <class T, class Sent>
class GeneratorStep : public AwaiterTag {
 public:
  using State = GeneratorState<T, Sent>;
  GeneratorStep(Ref<State> state, const char* method) noexcept
      : state_(std::move(state)), method_(method) {}
  GeneratorStep(Ref<State> state, const char* method, std::exception_ptr thrown) noexcept
      : state_(std::move(state)), method_(method), thrown_(std::move(thrown)) {}

  bool await_ready() {
    if (!state_ || state_->finished()) return true;
    state_->check_not_running(method_);
    if (thrown_ && !state_->started()) {
      state_->drop();
      std::rethrow_exception(thrown_);
    }
    return false;
  }
  template <class P>
  void await_suspend(std::coroutine_handle<P> caller) {
    state_->begin_step(caller.promise(), std::move(thrown_));
  }
  std::optional<T> await_resume() {
    if (!state_ || !state_->end_step()) return std::nullopt;
    return std::exchange(state_->value, std::nullopt);
  }

 protected:
  Ref<State> state_;

 private:
  const char* method_;
  std::exception_ptr thrown_;
};

template <class T, class Sent>
class GeneratorSend : public GeneratorStep<T, Sent> {
 public:
  GeneratorSend(Ref<GeneratorState<T, Sent>> state, Sent value)
      : GeneratorStep<T, Sent>(std::move(state), "asend"), value_(std::move(value)) {}
  template <class P>
  void await_suspend(std::coroutine_handle<P> caller) {
    this->state_->sent.emplace(std::move(value_));
    GeneratorStep<T, Sent>::await_suspend(caller);
  }
  bool await_ready() {
    if (this->state_ && !this->state_->finished() && !this->state_->started())
      throw TypeError("can't send non-None value to a just-started async generator");
    return GeneratorStep<T, Sent>::await_ready();
  }

 private:
  Sent value_;
};

}  // namespace detail

// What a coroutine with co_yield in it returns: an async generator, which has not begun. Each
// next() runs it up to its next co_yield, within the task that awaits it, which goes on in the same
// step if the generator did not wait meanwhile.
//
//   asyncio::AsyncGenerator<int> countdown(int from) {
//     for (; from > 0; --from) {
//       co_await asyncio::sleep(1s);
//       co_yield from;
//     }
//   }
//   auto numbers = countdown(3);
//   while (auto number = co_await numbers.next()) std::cout << *number << '\n';
//
// One that is dropped between two values is closed by its loop: GeneratorExit is thrown out of its
// co_yield, in a task of its own, so it may await while it cleans up. What is left when the loop
// ends is closed by EventLoop::shutdown_asyncgens().
//
// `Sent`: what asend() passes in. A co_yield then gives std::optional<Sent>, empty after next().
// Python: async_generator
template <class T, class Sent>
class [[nodiscard(
    "an async generator does nothing until it is asked for a value")]] AsyncGenerator {
 public:
  using promise_type = detail::GeneratorPromise<T, Sent>;
  using value_type = T;
  using Step = detail::GeneratorStep<T, Sent>;

  AsyncGenerator(AsyncGenerator&&) noexcept = default;
  AsyncGenerator& operator=(AsyncGenerator&&) noexcept = default;
  ~AsyncGenerator() = default;

  // Await it: the next value, or nullopt when the generator has ended, and from then on. Throws
  // what the generator throws, which ends it, and RuntimeError "anext(): asynchronous generator is
  // already running" while somebody awaits it.
  // Python: agen.__anext__
  [[nodiscard("await it")]] Step next() { return Step(state_, "anext"); }
  // Await it: as next(), and the co_yield where the generator stands gives `value`. Throws
  // TypeError "can't send non-None value to a just-started async generator". Python: agen.asend
  template <std::convertible_to<detail::stored_t<Sent>> V>
    requires(!std::is_void_v<Sent>)
  [[nodiscard("await it")]] auto asend(V&& value) {
    return detail::GeneratorSend<T, Sent>(state_, std::forward<V>(value));
  }
  // Await it: as next(), and the co_yield where the generator stands throws `exception`. Python:
  // agen.athrow
  [[nodiscard("await it")]] Step athrow(std::exception_ptr exception) {
    return Step(state_, "athrow", std::move(exception));
  }
  template <class E>
    requires(!std::same_as<std::decay_t<E>, std::exception_ptr>)
  [[nodiscard("await it")]] Step athrow(E&& exception) {
    return athrow(std::make_exception_ptr(std::forward<E>(exception)));
  }
  // Ends the generator: GeneratorExit out of its co_yield. Done when it has cleaned up; throws
  // RuntimeError "async generator ignored GeneratorExit" if it yields instead. Python: agen.aclose
  Coro<> aclose() { return detail::aclose(detail::Ref<detail::GeneratorCore>(state_)); }

 private:
  friend promise_type;
  explicit AsyncGenerator(detail::Ref<detail::GeneratorState<T, Sent>> state) noexcept
      : state_(std::move(state)) {}
  detail::Ref<detail::GeneratorState<T, Sent>> state_;
};

// next() as a coroutine: what wait_for() or create_task() want. The generator must outlive it.
// Python: anext
template <class T, class Sent>
Coro<std::optional<T>> anext(AsyncGenerator<T, Sent>& generator) {
  co_return co_await generator.next();
}

namespace detail {

template <class T, class Sent>
AsyncGenerator<T, Sent> GeneratorPromise<T, Sent>::get_return_object(BodyPlace body) {
  static_assert(alignof(GeneratorPromise) == alignof(PromiseBase));
  begins_at(body);
  state_ = new GeneratorState<T, Sent>(*this);
  return AsyncGenerator<T, Sent>(Ref(state_));
}

}  // namespace detail
}  // namespace asyncio
