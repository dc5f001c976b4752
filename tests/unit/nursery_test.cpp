#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class NurseryTest : public LoopTest {
 public:
  void note_at(const std::string& what) { note(what + " at " + std::to_string(now() / 1ms)); }
  Coro<> child(std::string name, Duration delay) {
    try {
      co_await sleep(delay);
    } catch (const CancelledError&) {
      note_at(name + " cancelled");
      throw;
    }
    note_at(name + " ready");
  }
  Coro<> fails(Duration delay, std::string what) {
    co_await sleep(delay);
    throw std::runtime_error(what);
  }
  template <class C>
  Coro<> attempt(C coro) {
    try {
      const auto result = co_await coro;
      note_at(result ? "left" : "cancelled");
    } catch (const ExceptionGroup& group) {
      std::string all;
      for (const std::exception_ptr& each : group.leaves())
        all += (all.empty() ? "" : ", ") + describe(each).substr(20);
      note_at("[" + all + "]");
    } catch (...) {
      note_at(describe(std::current_exception()));
    }
  }
};

TEST_F(NurseryTest, WaitsForItsChildrenAndGivesTheResultOfItsBlock) {
  const auto main = [&]() -> Coro<> {
    const std::optional<int> result = co_await open_nursery([&](Nursery& nursery) -> Coro<int> {
      nursery.start_soon([&] { return child("b", 2s); });
      nursery.start_soon(child("a", 1s));
      co_return 7;
    });
    EXPECT_EQ(result, 7);
    note("left");
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"a ready at 1000", "b ready at 2000", "left"}));
}

TEST_F(NurseryTest, KeepsTheCallablesOfItsChildren) {
  const auto main = [&]() -> Coro<> {
    co_await open_nursery([&](Nursery& nursery) -> Coro<> {
      for (int number = 1; number <= 3; ++number)
        nursery.start_soon([this, number]() -> Coro<> {
          co_await sleep(number * 1s);
          note_at(std::to_string(number));
        });
      co_return;
    });
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"1 at 1000", "2 at 2000", "3 at 3000"}));
}

TEST_F(NurseryTest, FailureCancelsTheRestAndIsThrownWhenAllHaveEnded) {
  const auto main = [&]() -> Coro<> {
    co_await attempt(open_nursery([&](Nursery& nursery) -> Coro<> {
      nursery.start_soon(fails(1s, "one"));
      nursery.start_soon(child("a", 1h));
      co_await child("block", 1h);
    }));
    EXPECT_EQ(current_task()->cancelling(), 0U);
    co_await attempt(open_nursery([&](Nursery& nursery) -> Coro<> {
      nursery.start_soon(child("b", 1h));
      co_await fails(1s, "block");
    }));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"a cancelled at 1000", "block cancelled at 1000", "[one] at 1000",
                          "b cancelled at 2000", "[block] at 2000"}));
}

TEST_F(NurseryTest, EverythingThatWasThrownIsInTheGroup) {
  const auto crashes = [](std::string what) -> Coro<> {
    try {
      co_await sleep(1h);
    } catch (const CancelledError&) {
    }
    throw std::runtime_error(what);
  };
  const auto main = [&]() -> Coro<> {
    co_await attempt(open_nursery([&](Nursery& nursery) -> Coro<> {
      nursery.start_soon(fails(1s, "one"));
      nursery.start_soon(crashes("two"));
      co_await crashes("block");
    }));
  };
  run(main());
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_EQ(notes[0].size(), std::string("[one, two, block] at 1000").size()) << notes[0];
}

TEST_F(NurseryTest, CancellingItsScopeEndsAllOfItWithoutAnError) {
  const auto main = [&]() -> Coro<> {
    co_await attempt(open_nursery([&](Nursery& nursery) -> Coro<> {
      nursery.start_soon(child("a", 1h));
      nursery.start_soon([&]() -> Coro<> {
        co_await sleep(1s);
        nursery.cancel_scope.cancel();
        co_await child("b", 1h);
      });
      co_return;
    }));
    EXPECT_EQ(current_task()->cancelling(), 0U);
    co_await attempt(open_nursery([&](Nursery& nursery) -> Coro<> {
      nursery.cancel_scope.set_deadline(loop->time() + 1s);
      nursery.start_soon(child("c", 1h));
      co_await child("block", 1h);
    }));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"a cancelled at 1000", "b cancelled at 1000", "left at 1000",
                          "c cancelled at 2000", "block cancelled at 2000", "cancelled at 2000"}))
      << "the first block had its result before";
}

TEST_F(NurseryTest, CancelledFromOutsideItCancelsItsChildrenAndThrowsThat) {
  const auto main = [&]() -> Coro<> {
    co_await open_nursery([&](Nursery& nursery) -> Coro<> {
      nursery.start_soon(child("a", 1h));
      co_return;
    });
  };
  const Task<> task = loop->create_task(main());
  loop->call_later(1s, [&] { task.cancel("outside"); });
  EXPECT_EQ(message_of<CancelledError>([&] { loop->run_until_complete<void>(task); }), "outside");
  EXPECT_EQ(notes, Notes{"a cancelled at 1000"});
}

TEST_F(NurseryTest, ScopeAroundItCancelsItAndCatchesThat) {
  const auto main = [&]() -> Coro<> {
    const auto result = co_await move_on_after(1s, open_nursery([&](Nursery& nursery) -> Coro<> {
                                                 nursery.start_soon(child("a", 1h));
                                                 co_return;
                                               }));
    note_at(result ? "left" : "moved on");
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"a cancelled at 1000", "moved on at 1000"}));
}

TEST_F(NurseryTest, ShieldInAChildKeepsOutTheCancellationOfTheNursery) {
  const auto main = [&]() -> Coro<> {
    co_await attempt(open_nursery([&](Nursery& nursery) -> Coro<> {
      nursery.start_soon([&]() -> Coro<> {
        CancelScope shielded(std::nullopt, true);
        co_await shielded.with(child("shielded", 3s));
        co_await child("behind", 1h);
      });
      nursery.start_soon(fails(1s, "one"));
      co_return;
    }));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"shielded ready at 3000", "behind cancelled at 3000", "[one] at 3000"}));
}

TEST_F(NurseryTest, ChildrenAreInTheScopesOfTheirNursery) {
  const auto main = [&]() -> Coro<> {
    co_await move_on_after(5s, [&]() -> Coro<> {
      co_await open_nursery([&](Nursery& nursery) -> Coro<> {
        nursery.start_soon([&]() -> Coro<> {
          EXPECT_EQ(current_effective_deadline(), Instant(5s));
          nursery.cancel_scope.cancel();
          try {
            co_await sleep(1h);
          } catch (const CancelledError&) {
          }
          co_await checkpoint();
          note("never here");
        });
        co_return;
      });
    });
  };
  run(main());
  EXPECT_EQ(notes, Notes{});
}

TEST_F(NurseryTest, StartGivesWhatTheChildSaysWhenItIsReady) {
  const auto main = [&]() -> Coro<> {
    co_await attempt(open_nursery([&](Nursery& nursery) -> Coro<> {
      const int port = co_await nursery.start<int>([&](TaskStatus<int> status) -> Coro<> {
        co_await sleep(1s);
        status.started(8080);
        co_await child("server", 2s);
      });
      note_at(std::to_string(port));
      co_await nursery.start([&](TaskStatus<> status) -> Coro<> {
        status.started();
        EXPECT_EQ(message_of<RuntimeError>([&] { status.started(); }),
                  "called 'started' twice on the same task status");
        co_return;
      });
    }));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"8080 at 1000", "server ready at 3000", "left at 3000"}));
}

TEST_F(NurseryTest, WhatAChildThrowsBeforeItHasStartedIsThrownByStart) {
  const auto main = [&]() -> Coro<> {
    co_await attempt(open_nursery([&](Nursery& nursery) -> Coro<> {
      nursery.start_soon(child("a", 3s));
      try {
        co_await nursery.start([&](TaskStatus<>) { return fails(1s, "no"); });
      } catch (const std::runtime_error& error) {
        note(error.what());
      }
      try {
        co_await nursery.start([&](TaskStatus<>) { return sleep(1s); });
      } catch (const RuntimeError& error) {
        note(error.what());
      }
    }));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"no", "child exited without calling task_status.started()",
                          "a ready at 3000", "left at 3000"}));
}

TEST_F(NurseryTest, WhatAChildThrowsAfterItHasStartedIsTheNurserys) {
  const auto main = [&]() -> Coro<> {
    co_await attempt(open_nursery([&](Nursery& nursery) -> Coro<> {
      co_await nursery.start([&](TaskStatus<> status) -> Coro<> {
        status.started();
        co_await fails(1s, "one");
      });
      co_await child("block", 1h);
    }));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"block cancelled at 1000", "[one] at 1000"}));
}

TEST_F(NurseryTest, CancellingAStartCancelsItsChildAndWaitsForIt) {
  const auto main = [&]() -> Coro<> {
    co_await attempt(open_nursery([&](Nursery& nursery) -> Coro<> {
      const auto slowly = [&](TaskStatus<>) -> Coro<> {
        bool cancelled = false;
        try {
          co_await sleep(1h);
        } catch (const CancelledError&) {
          cancelled = true;
        }
        co_await sleep(1s);
        note_at(cancelled ? "cleaned up" : "not cancelled");
      };
      co_await attempt(move_on_after(1s, nursery.start(slowly)));
    }));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"cleaned up at 2000", "cancelled at 2000", "left at 2000"}));
}

TEST_F(NurseryTest, TakesNoChildBeforeItIsEnteredOrWhenItIsLeft) {
  const auto main = [&]() -> Coro<> {
    Nursery nursery;
    const auto refused = [&] {
      return message_of<RuntimeError>([&] { nursery.start_soon([&] { return sleep(0s); }); });
    };
    note(refused());
    co_await nursery.with([]() -> Coro<> { co_return; });
    note(refused());
  };
  run(main());
  EXPECT_EQ(notes,
            (Notes{"Nursery is closed to new arrivals", "Nursery is closed to new arrivals"}));
}

TEST_F(NurseryTest, NewChildOfACancelledOneNeverBegins) {
  const auto main = [&]() -> Coro<> {
    co_await attempt(open_nursery([&](Nursery& nursery) -> Coro<> {
      nursery.cancel_scope.cancel();
      nursery.start_soon([&]() -> Coro<> {
        note("never here");
        co_return;
      });
      co_return;
    }));
  };
  run(main());
  EXPECT_EQ(notes, Notes{"left at 0"});
}

TEST_F(NurseryTest, EagerChildrenAreItsOwnToo) {
  loop->set_task_factory(eager_task_factory);
  const auto main = [&]() -> Coro<> {
    co_await attempt(open_nursery([&](Nursery& nursery) -> Coro<> {
      nursery.start_soon(child("a", 1s));
      nursery.start_soon([]() -> Coro<> { co_return; });
      const int ready = co_await nursery.start<int>([&](TaskStatus<int> status) -> Coro<> {
        status.started(7);
        co_await child("server", 2s);
      });
      note_at(std::to_string(ready));
      co_await attempt(move_on_after(1s, nursery.start([](TaskStatus<>) -> Coro<> { co_return; })));
    }));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"7 at 0",
                          "RuntimeError: child exited without calling task_status.started() at 0",
                          "a ready at 1000", "server ready at 2000", "left at 2000"}));
}

TEST_F(NurseryTest, ItsLoopMayEndAtAnyTurn) {
  const auto main = [&]() -> Coro<> {
    co_await open_nursery([&](Nursery& nursery) -> Coro<> {
      nursery.start_soon([&]() -> Coro<> {
        co_await nursery.start([&](TaskStatus<> status) -> Coro<> {
          co_await sleep(1s);
          status.started();
          co_await sleep(1s);
        });
      });
      nursery.start_soon([&] { return fails(3s, "one"); });
      nursery.start_soon([&] { return move_on_after(1h, sleep(2h)); });
      co_await sleep(0s);
    });
  };
  for (int count = 0; count < 12; ++count) {
    const auto own = make_loop();
    own->create_task(main());
    for (int turn = 0; turn < count; ++turn) own->turn();
  }
  messages();  // of the tasks that were about to run, and of what they threw
}

}  // namespace
}  // namespace asyncio
