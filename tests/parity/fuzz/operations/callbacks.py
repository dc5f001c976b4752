"""Handles: call_soon, call_later, call_soon_threadsafe, done callbacks."""

from .registry import acts


class Callbacks:
    def __init__(self):
        self.handles = []
        self.registrations = []


@acts("soon", "callbacks", "action", weight=3, callback=1)
def soon(machine, words):
    machine.state(Callbacks).handles.append(machine.loop.call_soon(machine.action(words)))


@acts("threadsafe", "callbacks", "action", weight=1)
def threadsafe(machine, words):
    machine.loop.call_soon_threadsafe(machine.action(words))


@acts("later", "callbacks", "delay action", weight=4, callback=1)
def later(machine, words):
    handle = machine.loop.call_later(machine.delay(words[0]), machine.action(words[1:]))
    machine.state(Callbacks).handles.append(handle)


@acts("drop", "callbacks", "number", weight=1, callback=1)
def drop(machine, words):
    if handles := machine.state(Callbacks).handles:
        handles[int(words[0]) % len(handles)].cancel()


@acts("done", "callbacks", "thing action", weight=4, callback=1)
def done(machine, words):
    if thing := machine.thing(words[0]):
        action = machine.action(words[1:])

        def callback(_):
            action()

        thing.future.add_done_callback(callback)
        machine.state(Callbacks).registrations.append((thing.future, callback))


@acts("undone", "callbacks", "number", weight=1)
def undone(machine, words):
    if registrations := machine.state(Callbacks).registrations:
        future, callback = registrations[int(words[0]) % len(registrations)]
        machine.log(f"undone {future.remove_done_callback(callback)}")
