// Which context is current: as much as handles and loops need to know of <asyncio/context.hpp>.
#pragma once

namespace asyncio {
class Context;
}

namespace asyncio::detail {

class HandleNode;
class ContextState;
class EnteredContext;

// This thread's; null where no variable was ever set, which is then as good as an empty context.
// Holds a reference.
extern constinit thread_local ContextState* current_context;

void retain(const ContextState& context) noexcept;
void release(const ContextState& context) noexcept;
// A copy, for the caller to release: what happens in one is not seen in the other. Null stays null.
ContextState* copy_context_state(const ContextState* context);
// `node` will run in `context` itself.
void set_context(HandleNode& node, const Context& context) noexcept;

// Makes a handle's context the current one while it lives. The handle keeps the context in which it
// set its first variable: for its next call, or for the exception handler. Throws RuntimeError
// "cannot enter context: <Context> is already entered".
// asyncio: Handle._run, which is Context.run
class ContextScope {
 public:
  explicit ContextScope(HandleNode& node);
  ContextScope(const ContextScope&) = delete;
  ContextScope& operator=(const ContextScope&) = delete;
  ~ContextScope();

 private:
  HandleNode& node_;
  ContextState* outer_;
  EnteredContext* around_;
};
// For a handle that ran without a scope, since there was no context until it set a variable: the
// current context is none again.
void settle_context(HandleNode& node) noexcept;

}  // namespace asyncio::detail
