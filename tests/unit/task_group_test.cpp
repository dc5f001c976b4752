#include "support/loop_test.hpp"

namespace asyncio {
namespace {

class TaskGroupTest : public LoopTest {
 public:
  Coro<int> after(Duration delay, int value) {
    try {
      co_await sleep(delay);
    } catch (const CancelledError& error) {
      note(std::to_string(value) + " cancelled" + error.what());
      throw;
    }
    note(std::to_string(value) + " done");
    co_return value;
  }
  Coro<> fails(Duration delay, std::string what) {
    co_await sleep(delay);
    throw std::runtime_error(what);
  }
  // Answers a cancellation with an exception of its own.
  Coro<> crashes_in_cleaning_up(std::string what) {
    try {
      co_await sleep(1h);
    } catch (const CancelledError&) {
    }
    throw std::logic_error(what);
  }
  Coro<> refuses(Duration delay) {
    try {
      co_await sleep(delay);
    } catch (const CancelledError&) {
      note("swallowed");
    }
    co_await sleep(1s);
  }
  static std::string text(const std::exception_ptr& error) {
    try {
      std::rethrow_exception(error);
    } catch (const ExceptionGroup& group) {
      std::string all;
      for (const std::exception_ptr& each : group.exceptions())
        all += (all.empty() ? "" : ", ") + text(each);
      return "[" + all + "]";
    } catch (const std::exception& exception) {
      return exception.what();
    } catch (...) {
      return describe(error);
    }
  }
  template <class T>
  Coro<> attempt(Coro<T> coro) {
    try {
      co_await coro;
      note("left");
    } catch (...) {
      note(text(std::current_exception()));
    }
    note("at " + std::to_string(now() / 1ms));
  }
};

TEST_F(TaskGroupTest, WaitsForItsTasks) {
  const auto main = [&]() -> Coro<> {
    Task<int> one, two;
    co_await task_group([&](TaskGroup& group) -> Coro<> {
      two = group.create_task(after(2s, 2));
      one = group.create_task(after(1s, 1));
      co_return;
    });
    note("left");
    EXPECT_EQ(one.result() + two.result(), 3);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"1 done", "2 done", "left"}));
}

TEST_F(TaskGroupTest, GivesTheResultOfItsBlock) {
  const auto main = [&]() -> Coro<int> {
    co_return co_await task_group([&](TaskGroup& group) -> Coro<int> {
      const Task<int> task = group.create_task(after(1s, 20));
      const int more = co_await after(2s, 1);
      co_return co_await task + more;
    });
  };
  EXPECT_EQ(run(main()), 21);
}

TEST_F(TaskGroupTest, WithoutTasksCostsNoTurn) {
  const auto main = [&]() -> Coro<std::uint64_t> {
    const std::uint64_t before = loop->turns();
    co_await task_group([](TaskGroup&) -> Coro<> { co_return; });
    co_return loop->turns() - before;
  };
  EXPECT_EQ(run(main()), 0U);
}

TEST_F(TaskGroupTest, TasksHaveNamesAndArePartOfTheLoop) {
  const auto main = [&]() -> Coro<> {
    co_await task_group([&](TaskGroup& group) -> Coro<> {
      EXPECT_EQ(group.create_task(after(0s, 1), "reader").get_name(), "reader");
      EXPECT_EQ(all_tasks().size(), 2U);
      co_return;
    });
  };
  run(main());
}

TEST_F(TaskGroupTest, FailureCancelsTheOthersAndIsThrownWhenAllHaveEnded) {
  const auto main = [&]() -> Coro<> {
    co_await attempt(task_group([&](TaskGroup& group) -> Coro<> {
      group.create_task(fails(1s, "boom"));
      group.create_task(after(1h, 1));
      group.create_task(refuses(1h));
      co_return;
    }));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"1 cancelled", "swallowed", "[boom]", "at 2000"}));
}

TEST_F(TaskGroupTest, FailureCancelsItsBlockAndTakesTheRequestBack) {
  const auto main = [&]() -> Coro<> {
    co_await attempt(task_group([&](TaskGroup& group) -> Coro<> {
      group.create_task(fails(1s, "boom"));
      co_await after(1h, 1);
    }));
    EXPECT_EQ(current_task()->cancelling(), 0U);
    co_await after(1s, 2);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"1 cancelled", "[boom]", "at 1000", "2 done"}));
}

TEST_F(TaskGroupTest, BlockThatThrowsCancelsTheTasks) {
  const auto main = [&]() -> Coro<> {
    co_await attempt(task_group([&](TaskGroup& group) -> Coro<> {
      group.create_task(after(1h, 1));
      co_await fails(1s, "block");
    }));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"1 cancelled", "[block]", "at 1000"}));
}

TEST_F(TaskGroupTest, EverythingThatWasThrownIsInTheGroupTheBlocksOwnLast) {
  const auto main = [&]() -> Coro<> {
    try {
      co_await task_group([&](TaskGroup& group) -> Coro<> {
        group.create_task(fails(1s, "one"));
        group.create_task(crashes_in_cleaning_up("two"));
        group.create_task(fails(1s, "three"));
        co_await crashes_in_cleaning_up("block");
      });
    } catch (const ExceptionGroup& group) {
      note(group.what());
      note(text(std::current_exception()));
    }
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"unhandled errors in a TaskGroup (4 sub-exceptions)",
                          "[one, three, two, block]"}));
}

TEST_F(TaskGroupTest, BlockThatThrowsWhileTasksThrow) {
  const auto main = [&]() -> Coro<> {
    co_await attempt(task_group([&](TaskGroup& group) -> Coro<> {
      group.create_task(crashes_in_cleaning_up("task"));
      co_await fails(1s, "block");
    }));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"[task, block]", "at 1000"}));
}

TEST_F(TaskGroupTest, TaskThatIsCancelledIsNoFailure) {
  const auto main = [&]() -> Coro<> {
    co_await attempt(task_group([&](TaskGroup& group) -> Coro<> {
      const Task<int> task = group.create_task(after(1h, 1));
      group.create_task(after(2s, 2));
      co_await sleep(1s);
      task.cancel();
    }));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"1 cancelled", "2 done", "left", "at 2000"}));
}

TEST_F(TaskGroupTest, TaskNotOfTheGroupGoesOn) {
  const auto main = [&]() -> Coro<> {
    const Task<int> other = create_task(after(2s, 9));
    co_await attempt(task_group([&](TaskGroup& group) -> Coro<> {
      group.create_task(fails(1s, "boom"));
      co_await other;
    }));
    EXPECT_TRUE(other.cancelled()) << "the block awaited it";
    const Task<int> another = create_task(after(2s, 8));
    co_await attempt(task_group([&](TaskGroup& group) -> Coro<> {
      group.create_task(fails(1s, "boom"));
      co_return;
    }));
    co_await another;
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"9 cancelled", "[boom]", "at 1000", "[boom]", "at 2000", "8 done"}));
}

TEST_F(TaskGroupTest, CancelledFromOutsideItCancelsItsTasksAndThrowsThat) {
  const auto main = [&](bool in_block) -> Coro<> {
    co_await task_group([&](TaskGroup& group) -> Coro<> {
      group.create_task(after(1h, 1));
      if (in_block) co_await sleep(1h);
    });
  };
  for (const bool in_block : {true, false}) {
    const Task<> task = loop->create_task(main(in_block));
    loop->call_later(1s, [&] { task.cancel(" outside"); });
    EXPECT_EQ(message_of<CancelledError>([&] { loop->run_until_complete<void>(task); }),
              " outside");
  }
  EXPECT_EQ(notes, (Notes{"1 cancelled", "1 cancelled"})) << "the message is for the parent only";
}

TEST_F(TaskGroupTest, CancelledFromOutsideWhileTasksFailThrowsTheirErrorsThenTheCancellation) {
  const auto main = [&]() -> Coro<> {
    co_await attempt(task_group([&](TaskGroup& group) -> Coro<> {
      group.create_task(crashes_in_cleaning_up("task"));
      co_await sleep(1h);
    }));
    EXPECT_EQ(current_task()->cancelling(), 1U);
    co_await after(1h, 2);
  };
  const Task<> task = loop->create_task(main());
  loop->call_later(1s, [&] { task.cancel("outside"); });
  EXPECT_THROW(loop->run_until_complete<void>(task), CancelledError);
  EXPECT_EQ(notes, (Notes{"[task]", "at 1000", "2 cancelled"}));
}

TEST_F(TaskGroupTest, CancelledAgainAndAgainStillWaitsForItsTasks) {
  const auto main = [&]() -> Coro<> {
    co_await attempt(task_group([&](TaskGroup& group) -> Coro<> {
      group.create_task(refuses(1h));
      co_return;
    }));
  };
  const Task<> task = loop->create_task(main());
  loop->call_later(1s, [&] { task.cancel("1"); });
  loop->call_later(1500ms, [&] { task.cancel("2"); });
  loop->run_until_complete<void>(task);
  EXPECT_EQ(notes, (Notes{"swallowed", "CancelledError: 1", "at 2000"}));
}

TEST_F(TaskGroupTest, NestedGroupThatFailsIsOneErrorOfTheOuter) {
  const auto inner = [&]() -> Coro<> {
    co_await task_group([&](TaskGroup& group) -> Coro<> {
      group.create_task(fails(1s, "inner"));
      group.create_task(after(1h, 1));
      co_return;
    });
  };
  const auto main = [&]() -> Coro<> {
    co_await attempt(task_group([&](TaskGroup& group) -> Coro<> {
      group.create_task(inner());
      group.create_task(crashes_in_cleaning_up("outer"));
      co_return;
    }));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"1 cancelled", "[[inner], outer]", "at 1000"}));
}

TEST_F(TaskGroupTest, FailureOfTheOuterGroupCancelsTheInner) {
  const auto inner = [&]() -> Coro<> {
    co_await task_group([&](TaskGroup& group) -> Coro<> {
      group.create_task(after(1h, 1));
      group.create_task(after(1h, 2));
      co_return;
    });
  };
  const auto main = [&]() -> Coro<> {
    co_await attempt(task_group([&](TaskGroup& group) -> Coro<> {
      group.create_task(inner());
      co_await fails(1s, "outer");
    }));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"1 cancelled", "2 cancelled", "[outer]", "at 1000"}));
}

TEST_F(TaskGroupTest, WhenBothOfTwoNestedGroupsFailBothThrow) {
  const auto main = [&]() -> Coro<> {
    co_await attempt(task_group([&](TaskGroup& outer) -> Coro<> {
      co_await attempt(task_group([&](TaskGroup& inner) -> Coro<> {
        inner.create_task(fails(0s, "inner"));
        outer.create_task(fails(0s, "outer"));
        co_return;
      }));
      EXPECT_EQ(current_task()->cancelling(), 1U) << "the outer group's request";
    }));
    EXPECT_EQ(current_task()->cancelling(), 0U);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"[inner]", "at 0", "[outer]", "at 0"}));
}

TEST_F(TaskGroupTest, CancelledFromOutsideAfterATaskHasFailedKeepsTheRequest) {
  Task<> task;
  const auto fails_then = [&](std::string what) -> Coro<> {
    co_await sleep(1s);
    loop->call_soon([&] { task.cancel("outside"); });  // the group knows of the failure by then
    throw std::runtime_error(what);
  };
  const auto main = [&]() -> Coro<> {
    co_await attempt(task_group([&](TaskGroup& group) -> Coro<> {
      group.create_task(fails_then("boom"));
      co_await sleep(1h);
    }));
    note(std::to_string(current_task()->cancelling()));
    co_await after(1h, 1);
  };
  task = loop->create_task(main());
  EXPECT_THROW(loop->run_until_complete<void>(task), CancelledError);
  EXPECT_EQ(notes, (Notes{"[boom]", "at 1000", "1", "1 cancelled"}));
}

TEST_F(TaskGroupTest, TasksMayMakeTasksOfTheGroup) {
  const auto main = [&]() -> Coro<> {
    co_await task_group([&](TaskGroup& group) -> Coro<> {
      const auto makes = [&]() -> Coro<> {
        co_await sleep(1s);
        group.create_task(after(1s, 1));
      };
      group.create_task(makes());
      co_await sleep(0s);
      note("block ends");
      co_await sleep(1s);  // `makes` is this frame's
    });
    note("left");
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"block ends", "1 done", "left"}));
}

TEST_F(TaskGroupTest, MakesNoTaskBeforeItIsEnteredWhileItShutsDownOrWhenItIsFinished) {
  TaskGroup group;
  const auto refused = [&] {
    return message_of<RuntimeError>([&] { group.create_task(after(0s, 1)); });
  };
  const auto main = [&]() -> Coro<> {
    note(refused());
    try {
      co_await group.with([&]() -> Coro<> {
        group.create_task(fails(0s, "boom"));
        group.create_task(refuses(1h));
        co_await refuses(1h);
        note(refused());
      });
    } catch (const ExceptionGroup&) {
    }
    note(refused());
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"TaskGroup <TaskGroup> has not been entered", "swallowed", "swallowed",
                          "TaskGroup <TaskGroup tasks=1 errors=1 cancelling> is shutting down",
                          "TaskGroup <TaskGroup cancelling> is finished"}))
      << "and nobody was told that the coroutine was never awaited";
}

TEST_F(TaskGroupTest, TakesEagerTasksThatAreDoneAtOnce) {
  loop->set_task_factory(eager_task_factory);
  const auto at_once = []() -> Coro<int> { co_return 7; };
  const auto fails_at_once = []() -> Coro<> {
    throw std::runtime_error("boom");
    co_return;
  };
  const auto main = [&]() -> Coro<> {
    co_await attempt(task_group([&](TaskGroup& group) -> Coro<> {
      EXPECT_EQ(group.create_task(at_once()).result(), 7);
      group.create_task(after(1s, 1));
      co_return;
    }));
    co_await attempt(task_group([&](TaskGroup& group) -> Coro<> {
      group.create_task(after(1s, 2));
      group.create_task(fails_at_once());
      co_await sleep(1h);
    }));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"1 done", "left", "at 1000", "2 cancelled", "[boom]", "at 1000"}));
}

TEST_F(TaskGroupTest, TasksRunInTheContextThatIsGiven) {
  const ContextVar<int> answer("answer");
  Context context = copy_context();
  const auto sets = [&]() -> Coro<> {
    answer.set(42);
    co_return;
  };
  const auto main = [&]() -> Coro<> {
    co_await task_group([&](TaskGroup& group) -> Coro<> {
      group.create_task(sets(), "sets", context);
      co_return;
    });
    EXPECT_EQ(answer.get(0), 0);
  };
  run(main());
  EXPECT_EQ(context.run([&] { return answer.get(0); }), 42);
}

TEST_F(TaskGroupTest, CannotBeEnteredTwice) {
  const auto nothing = []() -> Coro<> { co_return; };
  const auto main = [&]() -> Coro<> {
    TaskGroup group;
    co_await group.with([&]() -> Coro<> { co_await attempt(group.with(nothing)); });
    co_await attempt(group.with(nothing));
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"TaskGroup <TaskGroup entered> has already been entered", "at 0",
                          "TaskGroup <TaskGroup entered> has already been entered", "at 0"}));
}

TEST_F(TaskGroupTest, InATimeoutIsCancelledAsAWhole) {
  const auto main = [&]() -> Coro<> {
    co_await attempt(timeout(1s, task_group([&](TaskGroup& group) -> Coro<> {
                               group.create_task(after(1h, 1));
                               co_await after(2h, 2);
                             })));
    EXPECT_EQ(current_task()->cancelling(), 0U);
  };
  run(main());
  EXPECT_EQ(notes, (Notes{"2 cancelled", "1 cancelled", "", "at 1000"}));
}

TEST_F(TaskGroupTest, KeepsItsCallableUntilTheTasksHaveEnded) {
  const auto main = [&]() -> Coro<> {
    auto body = [this, value = std::make_unique<int>(5)](TaskGroup& group) -> Coro<> {
      const auto reads = [](LoopTest& test, const int& read) -> Coro<> {
        co_await sleep(1s);
        test.note(std::to_string(read));
      };
      group.create_task(reads(*this, *value));
      co_return;
    };
    auto running = task_group(moved(std::move(body)));
    co_await running;
  };
  run(main());
  EXPECT_EQ(notes, Notes{"5"});
}

TEST_F(TaskGroupTest, ItsLoopMayEndWhileItWaits) {
  const auto main = [&]() -> Coro<> {
    co_await task_group([&](TaskGroup& group) -> Coro<> {
      group.create_task(sleep(1h));
      group.create_task(sleep(1h));
      co_await sleep(0s);
    });
  };
  for (int count = 0; count < 4; ++count) {
    const auto own = make_loop();
    own->create_task(main());
    for (int turn = 0; turn < count; ++turn) own->turn(0s);
  }
  messages();  // of the tasks that were about to run
}

TEST_F(TaskGroupTest, OfManyEndsInAFewTurns) {
  const auto main = [&]() -> Coro<int> {
    int sum = 0;
    const auto adds = [&]() -> Coro<> {
      ++sum;
      co_return;
    };
    co_await task_group([&](TaskGroup& group) -> Coro<> {
      for (int count = 0; count < 100'000; ++count) group.create_task(adds());
      co_await sleep(0s);
    });
    co_return sum;
  };
  EXPECT_EQ(run(main()), 100'000);
  EXPECT_LE(loop->turns(), 5U);
}

}  // namespace
}  // namespace asyncio
