import asyncio

loop = asyncio.new_event_loop()
start = loop.time()


def say(what):
    return lambda: print(what)


loop.call_later(2, say("two seconds"))
loop.call_at(start + 1, say("one second"))
loop.call_later(1, say("one second, made later: runs later"))
never = loop.call_later(1, say("never"))
loop.call_later(0, say("no delay, and yet a timer: after what is ready"))
loop.call_soon(say("soon"))


def busy():
    print("sooner than what I add now")
    loop.call_soon(say("next turn"))
    never.cancel()


loop.call_soon(busy)
loop.call_soon(say("soon, too"))

loop.call_later(3, loop.stop)
loop.run_forever()
loop.close()
