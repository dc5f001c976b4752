// Context variables: values that follow the flow of a program through tasks and callbacks.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <asyncio/detail/context_state.hpp>
#include <asyncio/detail/ref.hpp>
#include <asyncio/errors.hpp>

namespace asyncio {

template <class T>
class ContextVar;
template <class T>
class Token;

namespace detail {

// A context by reference, from thread to thread: to_thread() takes one along.
struct ContextRef {
  ContextState* state = nullptr;

  ContextRef() noexcept = default;
  // Takes over the caller's reference.
  explicit ContextRef(ContextState* taken) noexcept : state(taken) {}
  ContextRef(const ContextRef& other) noexcept : state(other.state) {
    if (state) retain(*state);
  }
  ContextRef(ContextRef&& other) noexcept : state(std::exchange(other.state, nullptr)) {}
  ContextRef& operator=(ContextRef other) noexcept {
    std::swap(state, other.state);
    return *this;
  }
  ~ContextRef() {
    if (state) release(*state);
  }
};

using VarId = std::uint64_t;  // never twice, so a variable that is gone cannot be taken for another
using VarValue = std::shared_ptr<const void>;

VarId next_var_id() noexcept;
ContextState* new_context_state();
VarValue find_value(const ContextState* context, VarId variable);
// In the current context; a null value removes it.
void bind_value(VarId variable, VarValue value);
// The current context, made if there is none yet.
ContextRef share_current_context();
[[noreturn]] void throw_unset(const std::string& name);
[[noreturn]] void refuse_token(const std::string& name, bool used, const char* why);

// That in which the callback or step that runs began, made if there is none yet: what Context::run
// entered meanwhile does not count.
ContextRef share_callback_context();

// Makes `context` the current one while it lives. Throws RuntimeError "cannot enter context:
// <Context> is already entered".
class EnteredContext {
 public:
  explicit EnteredContext(ContextState& context);
  EnteredContext(const EnteredContext&) = delete;
  EnteredContext& operator=(const EnteredContext&) = delete;
  ~EnteredContext();

 private:
  friend ContextRef share_callback_context();
  ContextState& context_;
  ContextState* outer_;
  EnteredContext* around_;
};

}  // namespace detail

// What all context variables are, at one place in the flow. A handle: copies are the same context,
// copy() and copy_context() make another one.
//
// Every callback runs in a copy of the context in which it was scheduled, every task in a copy of
// the one in which it was made, so what it sets is seen by itself and by what it starts afterwards,
// and by nobody else. Where no variable is ever set that costs nothing.
// Python: contextvars.Context
class Context {
 public:
  // An empty one.
  Context() : ref_(detail::new_context_state()) {}
  explicit Context(detail::ContextRef ref) noexcept : ref_(std::move(ref)) {}

  // Calls `function(arguments...)` in this context, which keeps what it sets. Throws RuntimeError
  // "cannot enter context: <Context> is already entered" from within itself, also where a task or a
  // callback runs in it, and while another thread is in it. Python: Context.run
  template <class F, class... A>
    requires std::invocable<F, A...>
  decltype(auto) run(F&& function, A&&... arguments) const {
    const detail::EnteredContext entered(*ref_.state);
    return std::invoke(std::forward<F>(function), std::forward<A>(arguments)...);
  }
  Context copy() const {
    return Context(detail::ContextRef(detail::copy_context_state(ref_.state)));
  }

  template <class T>
  bool contains(const ContextVar<T>& variable) const {
    return detail::find_value(ref_.state, variable.id()) != nullptr;
  }
  // What it is set to; nullopt where it is not, whatever its default. Python: Context.get
  template <class T>
  std::optional<T> get(const ContextVar<T>& variable) const {
    const detail::VarValue value = detail::find_value(ref_.state, variable.id());
    return value ? std::optional<T>(*static_cast<const T*>(value.get())) : std::nullopt;
  }
  // How many variables are set. Python: len(context)
  std::size_t size() const noexcept;
  // The same context, not just the same values.
  friend bool operator==(const Context& a, const Context& b) noexcept {
    return a.ref_.state == b.ref_.state;
  }

  // For the library.
  const detail::ContextRef& ref() const noexcept { return ref_; }

 private:
  detail::ContextRef ref_;
};

namespace detail {
// `context` itself; null: an empty one.
Context context_or_empty(ContextState* context);
}  // namespace detail

// A copy of the current context. Python: contextvars.copy_context
Context copy_context();

// A variable with a value of its own in every context. Make it once, where all can see it.
//
//   asyncio::ContextVar<std::string> request("request");
//
// Python: contextvars.ContextVar
template <class T>
class ContextVar {
 public:
  explicit ContextVar(std::string name) : name_(std::move(name)) {}
  ContextVar(std::string name, T default_value)
      : name_(std::move(name)), default_(std::move(default_value)) {}
  ContextVar(const ContextVar&) = delete;
  ContextVar& operator=(const ContextVar&) = delete;

  const std::string& name() const noexcept { return name_; }
  // What it is in the current context, or its default; throws LookupError "<ContextVar name='x'>".
  T get() const {
    if (const detail::VarValue value = find()) return *static_cast<const T*>(value.get());
    if (!default_) detail::throw_unset(name_);
    return *default_;
  }
  // What it is in the current context, or `fallback`.
  T get(T fallback) const {
    const detail::VarValue value = find();
    return value ? *static_cast<const T*>(value.get()) : std::move(fallback);
  }
  // In the current context. The token takes it back: reset().
  Token<T> set(T value) const {
    Token<T> token(*this, detail::share_current_context(), find());
    detail::bind_value(id_, std::make_shared<const T>(std::move(value)));
    return token;
  }
  // As it was before the set() that gave `token`. Throws RuntimeError "<Token ...> has already been
  // used once", ValueError "... was created by a different ContextVar", "... in a different
  // Context".
  void reset(Token<T>& token) const {
    if (token.used_) detail::refuse_token(token.var_->name_, true, "has already been used once");
    if (token.var_ != this)
      detail::refuse_token(token.var_->name_, false, "was created by a different ContextVar");
    if (token.context_.state != detail::current_context)
      detail::refuse_token(name_, false, "was created in a different Context");
    token.used_ = true;
    detail::bind_value(id_, token.old_);
  }
  void reset(Token<T>&& token) const { reset(token); }

  // For the library.
  detail::VarId id() const noexcept { return id_; }

 private:
  detail::VarValue find() const { return detail::find_value(detail::current_context, id_); }

  detail::VarId id_ = detail::next_var_id();
  std::string name_;
  std::optional<T> default_;
};

// What a variable was before it was set. Python: contextvars.Token
template <class T>
class Token {
 public:
  Token(Token&&) noexcept = default;
  Token& operator=(Token&&) noexcept = default;

  const ContextVar<T>& var() const noexcept { return *var_; }
  // nullopt where it was not set. Python: Token.old_value, Token.MISSING
  std::optional<T> old_value() const {
    return old_ ? std::optional<T>(*static_cast<const T*>(old_.get())) : std::nullopt;
  }

 private:
  friend class ContextVar<T>;
  Token(const ContextVar<T>& var, detail::ContextRef context, detail::VarValue old) noexcept
      : var_(&var), context_(std::move(context)), old_(std::move(old)) {}

  const ContextVar<T>* var_;
  detail::ContextRef context_;
  detail::VarValue old_;
  bool used_ = false;
};

}  // namespace asyncio
