// How the trace tells of what tasks share, and who waits there.
#include <asyncio/detail/resource.hpp>

#include "support/loop_test.hpp"
#include "support/trace_text.hpp"

namespace asyncio {
namespace {

class ResourceTest : public LoopTest {
 public:
  ResourceTest() {
    loop.reset();
    loop = make_loop(time, &trace.recorder());
  }
  ~ResourceTest() override { loop.reset(); }

  Notes events(const std::vector<std::string>& kinds) { return normalised(trace.events(kinds)); }

  TraceText trace{time};
};

TEST_F(ResourceTest, IsIntroducedWithItsPlaceBeforeTheFirstThingDoneToIt) {
  detail::Resource gate("gate", std::source_location::current());
  gate.note(*loop, "opened", [] { return detail::ResourceNow{.state = "open", .waiters = 2}; });
  gate.note(*loop, "closed", [] { return detail::ResourceNow{.state = "closed"}; });
  Notes told = events({"resource"});
  ASSERT_EQ(told.size(), 3u);
  EXPECT_NE(told[0].find("resource_test.cpp"), std::string::npos);
  told[0].erase(told[0].find(",\"loc\""));
  EXPECT_EQ(
      told,
      (Notes{
          R"(resource,"id":1,"type":"gate","op":"created","state":"open","waiters":2,"by":{"kind":"outside"})",
          R"(resource,"id":1,"type":"gate","op":"opened","state":"open","waiters":2,"by":{"kind":"outside"})",
          R"(resource,"id":1,"type":"gate","op":"closed","state":"closed","waiters":0,"by":{"kind":"outside"})"}));
}

TEST_F(ResourceTest, TellsNumbersDeadlinesAndItemsWhereThereAreAny) {
  detail::Resource queue("queue");
  const auto main = [&]() -> Coro<> {
    co_await sleep(1s);
    queue.note("put", [&] {
      return detail::ResourceNow{
          .state = "1 of 3", .value = 1, .limit = 3, .when = loop->time() + 1s, .item = "7"};
    });
  };
  run(main());
  EXPECT_EQ(
      events({"resource"}).back(),
      R"(resource,"id":1,"type":"queue","op":"put","state":"1 of 3","value":1,"limit":3,"waiters":0,"by":{"kind":"task","id":1},"when":2000000000,"item":"7")");
}

TEST_F(ResourceTest, ATaskThatWaitsThereNamesItAndWhatFor) {
  detail::Resource gate("gate");
  const auto main = [&]() -> Coro<> {
    const detail::Ref place(new detail::ResourceFuture(*loop, gate, "pass"));
    loop->call_soon([place] { place->set_result(); });
    co_await Future<>(place);
  };
  run(main());
  const std::string suspended = events({"task_suspended"}).at(0);
  EXPECT_NE(suspended.find(R"("awaiting":{"kind":"gate","id":1,"resource":1,"op":"pass"})"),
            std::string::npos)
      << suspended;
}

TEST_F(ResourceTest, AsksForNothingWhereNobodyListens) {
  detail::Resource gate("gate");
  const std::unique_ptr<EventLoop> untraced = make_loop();
  gate.note(*untraced, "opened", []() -> detail::ResourceNow {
    ADD_FAILURE() << "asked for its state";
    return {};
  });
  gate.note("outside of any loop", []() -> detail::ResourceNow {
    ADD_FAILURE() << "asked for its state";
    return {};
  });
}

TEST_F(ResourceTest, ADeadlockNamesTheResource) {
  detail::Resource gate("gate");
  const auto main = [&]() -> Coro<> {
    co_await Future<>(detail::Ref(new detail::ResourceFuture(*loop, gate, "pass")));
  };
  const std::string message = message_of<DeadlockError>([&] { run(main()); });
  EXPECT_NE(message.find("waits for gate " + std::to_string(gate.id())), std::string::npos)
      << message;
}

}  // namespace
}  // namespace asyncio
