# SPDX-License-Identifier: LGPL-2.1-or-later
"""Callbacks come from the event loop that the program registers, whichever it is."""

from __future__ import annotations

from collections.abc import Callable

Run = Callable[[str], str]

WATCH = """
import libvirt
def watch(conn, seen):
    one = conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE,
        lambda conn, dom, event, detail, opaque: seen.append((dom.name(), event, detail, opaque)), "any")
    old = lambda conn, dom, event, detail, opaque: seen.append((dom.name(), event, detail, opaque))
    conn.domainEventRegister(old, "old")
    dom = conn.lookupByName("test")
    dom.suspend(); dom.resume()
    def stop():
        conn.domainEventDeregister(old)
        conn.domainEventDeregisterAny(one)
    return stop
"""
EXPECTED = [
    ("test", 3, 0, "any"),
    ("test", 3, 0, "old"),
    ("test", 4, 0, "any"),
    ("test", 4, 0, "old"),
]


def test_the_default_loop_hands_out_events_in_order(program: Run) -> None:
    out = program(
        WATCH
        + """
libvirt.virEventRegisterDefaultImpl()
conn, seen = libvirt.open("test:///default"), []
stop = watch(conn, seen)
while len(seen) < 4:
    libvirt.virEventRunDefaultImpl()
stop()
print(seen, conn.close())
"""
    )
    assert out.strip() == f"{EXPECTED} 0"


def test_the_default_loop_has_handles_and_timers(program: Run) -> None:
    out = program("""
import libvirt, os
libvirt.virEventRegisterDefaultImpl()
read, write = os.pipe()
seen = []
watch = libvirt.virEventAddHandle(read, libvirt.VIR_EVENT_HANDLE_READABLE,
    lambda watch, fd, events, opaque: seen.append((fd == read, os.read(fd, 1), events, opaque)), "o")
os.write(write, b"x")
while not seen:
    libvirt.virEventRunDefaultImpl()
libvirt.virEventRemoveHandle(watch)
timer = libvirt.virEventAddTimeout(5, lambda timer, opaque: seen.append(opaque), "t")
while len(seen) < 3:
    libvirt.virEventRunDefaultImpl()
libvirt.virEventUpdateTimeout(timer, -1)
libvirt.virEventRemoveTimeout(timer)
print(seen)
""")
    assert out.strip() == "[(True, b'x', 1, 'o'), 't', 't']"


def test_asyncio_hands_out_events_and_is_idle_after_them(program: Run) -> None:
    out = program(
        WATCH
        + """
import asyncio, libvirtaio
async def main():
    loop = libvirtaio.virEventRegisterAsyncIOImpl()
    conn, seen = libvirt.open("test:///default"), []
    stop = watch(conn, seen)
    while len(seen) < 4:
        await asyncio.sleep(0.01)
    stop()
    conn.close()
    await loop.drain()
    print(seen, loop.is_idle(), libvirtaio.getCurrentImpl() is loop)
asyncio.run(main())
"""
    )
    assert out.strip() == f"{EXPECTED} True True"


def test_a_loop_of_the_program_is_given_what_it_frees(program: Run) -> None:
    out = program(
        WATCH
        + """
import select
handles = {}
def add(fd, events, cb, opaque):
    handles[len(handles) + 1] = (fd, cb, opaque)
    return len(handles)
def remove(watch):
    return handles.pop(watch)[2]
libvirt.virEventRegisterImpl(add, print, remove, print, print, print)
conn, seen = libvirt.open("test:///default"), []
stop = watch(conn, seen)
while len(seen) < 4:
    for watch_, (fd, cb, opaque) in list(handles.items()):
        if select.select([fd], [], [], 1)[0]:
            cb(watch_, fd, libvirt.VIR_EVENT_HANDLE_READABLE, opaque)
stop()
conn.close()
print(seen, handles)
"""
    )
    assert out.strip() == f"{EXPECTED} {{}}"


def test_a_stream_that_does_not_block_tells_when_it_is_readable(program: Run) -> None:
    out = program("""
import libvirt
libvirt.virEventRegisterDefaultImpl()
conn = libvirt.open("test:///default")
stream = conn.newStream(libvirt.VIR_STREAM_NONBLOCK)
conn.lookupByName("test").screenshot(stream, 0)
got, done = bytearray(), []
def ready(stream, events, opaque):
    data = stream.recv(4096)
    if data == b"":
        stream.eventRemoveCallback()
        stream.finish()
        done.append(opaque)
    elif data != -2:
        got.extend(data)
stream.eventAddCallback(libvirt.VIR_STREAM_EVENT_READABLE, ready, "done")
while not done:
    libvirt.virEventRunDefaultImpl()
print(done, bytes(got[1:4]))
""")
    assert out.strip() == "['done'] b'PNG'"


def test_a_forked_child_opens_its_own_connections(program: Run) -> None:
    out = program("""
import os, libvirt
conn = libvirt.open("test:///default")
if os.fork() == 0:
    os._exit(0 if libvirt.open("test:///default").isAlive() else 1)
print(os.wait()[1], conn.isAlive())
""")
    assert out.strip() == "0 1"
