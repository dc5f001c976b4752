#include <algorithm>
#include <atomic>
#include <vector>

#include <asyncio/context.hpp>
#include <asyncio/handle.hpp>

namespace asyncio {
namespace detail {

namespace {

struct Binding {
  VarId variable;
  VarValue value;
};
// By variable. Never changed, so that a copy of a context is a pointer to the same: copies are made
// with every callback, and variables are set now and then.
// Python: the HAMT under a Context, for more variables than programs have here
using Bindings = std::vector<Binding>;

bool comes_before(const Binding& binding, VarId variable) { return binding.variable < variable; }

}  // namespace

class ContextState {
 public:
  explicit ContextState(std::shared_ptr<const Bindings> bindings) noexcept
      : bindings(std::move(bindings)) {}
  mutable std::atomic<unsigned> references = 1;
  std::atomic<bool> entered = false;
  std::shared_ptr<const Bindings> bindings;  // null: none
};

constinit thread_local ContextState* current_context = nullptr;

namespace {

// The innermost Context::run within the callback that runs.
constinit thread_local EnteredContext* entered_here = nullptr;

void enter(ContextState& context) {
  if (context.entered.exchange(true))
    throw RuntimeError("cannot enter context: <Context> is already entered");
}

// What a thread set outside of any loop goes when the thread ends.
struct AtThreadEnd {
  AtThreadEnd() noexcept = default;
  AtThreadEnd(const AtThreadEnd&) = delete;
  AtThreadEnd& operator=(const AtThreadEnd&) = delete;
  ~AtThreadEnd() {
    if (ContextState* context = std::exchange(current_context, nullptr)) release(*context);
  }
};

// A context that is being used from the beginning.
ContextState& made(ContextState*& context) {
  if (!context) {
    static thread_local const AtThreadEnd at_thread_end;
    static_cast<void>(at_thread_end);
    context = new_context_state();
    context->entered = true;
  }
  return *context;
}
ContextState& make_current() { return made(current_context); }

}  // namespace

VarId next_var_id() noexcept {
  static constinit std::atomic<VarId> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

ContextState* new_context_state() { return new ContextState(nullptr); }

void retain(const ContextState& context) noexcept {
  context.references.fetch_add(1, std::memory_order_relaxed);
}
void release(const ContextState& context) noexcept {
  if (context.references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete &context;
}

ContextState* copy_context_state(const ContextState* context) {
  return context ? new ContextState(context->bindings) : nullptr;
}

VarValue find_value(const ContextState* context, VarId variable) {
  if (!context || !context->bindings) return nullptr;
  const Bindings& bindings = *context->bindings;
  const auto at = std::lower_bound(bindings.begin(), bindings.end(), variable, comes_before);
  return at != bindings.end() && at->variable == variable ? at->value : nullptr;
}

void bind_value(VarId variable, VarValue value) {
  ContextState& context = make_current();
  auto bindings = context.bindings ? std::make_shared<Bindings>(*context.bindings)
                                   : std::make_shared<Bindings>();
  const auto at = std::lower_bound(bindings->begin(), bindings->end(), variable, comes_before);
  const bool bound = at != bindings->end() && at->variable == variable;
  if (!value) {
    if (bound) bindings->erase(at);
  } else if (bound) {
    at->value = std::move(value);
  } else {
    bindings->insert(at, {variable, std::move(value)});
  }
  context.bindings = std::move(bindings);
}

ContextRef share_current_context() {
  ContextState& context = make_current();
  retain(context);
  return ContextRef(&context);
}

ContextRef share_callback_context() {
  EnteredContext* outermost = entered_here;
  while (outermost && outermost->around_) outermost = outermost->around_;
  ContextState& context = made(outermost ? outermost->outer_ : current_context);
  retain(context);
  return ContextRef(&context);
}

void throw_unset(const std::string& name) { throw LookupError("<ContextVar name='" + name + "'>"); }

void refuse_token(const std::string& name, bool used, const char* why) {
  const std::string text = std::string("<Token ") + (used ? "used " : "") +
                           "var=<ContextVar name='" + name + "'>> " + why;
  if (used) throw RuntimeError(text);
  throw ValueError(text);
}

// Without memory for a copy it runs in none.
void HandleNode::take_context() noexcept {
  try {
    context = copy_context_state(current_context);
  } catch (const std::bad_alloc&) {
  }
}

void HandleNode::drop_context() noexcept {
  asyncio::detail::release(*std::exchange(context, nullptr));
}

EnteredContext::EnteredContext(ContextState& context) : context_(context) {
  enter(context);
  retain(context);
  outer_ = std::exchange(current_context, &context);
  around_ = std::exchange(entered_here, this);
}

EnteredContext::~EnteredContext() {
  entered_here = around_;
  current_context = outer_;
  context_.entered = false;
  release(context_);
}

void set_context(HandleNode& node, const Context& context) noexcept {
  ContextState* const state = context.ref().state;
  retain(*state);
  if (const ContextState* before = std::exchange(node.context, state)) release(*before);
}

ContextScope::ContextScope(HandleNode& node) : node_(node) {
  if (node.context) {
    enter(*node.context);
    retain(*node.context);
  }
  outer_ = std::exchange(current_context, node.context);
  around_ = std::exchange(entered_here, nullptr);
}

ContextScope::~ContextScope() {
  settle_context(node_);
  current_context = outer_;
  entered_here = around_;
}

void settle_context(HandleNode& node) noexcept {
  ContextState* const ended = std::exchange(current_context, nullptr);
  if (!ended) return;
  ended->entered = false;
  if (!node.context) {
    node.context = ended;
  } else {
    release(*ended);
  }
}

}  // namespace detail

Context detail::context_or_empty(ContextState* context) {
  if (!context) return Context();
  retain(*context);
  return Context(ContextRef(context));
}

std::size_t Context::size() const noexcept {
  return ref_.state->bindings ? ref_.state->bindings->size() : 0;
}

Context copy_context() {
  detail::ContextState* const copy = detail::copy_context_state(detail::current_context);
  return Context(detail::ContextRef(copy ? copy : detail::new_context_state()));
}

}  // namespace asyncio
