# SPDX-License-Identifier: LGPL-2.1-or-later
"""Take back the steps of a change that failed half way."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

from covirt.runtime.log import get

log = get("runtime.undo")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Step:
    label: str
    take_back: Callable[[], Any]


class Undo:
    """How to take each step of a change back, run backwards unless the change is kept.

    Leave the block without `keep()` and every step is taken back, the last one first, also when the task was
    cancelled. A step that cannot be taken back does not stop the others.
    """

    def __init__(self, title: str) -> None:
        """Begin a change; `title` names it in messages."""
        self.title = title
        self._steps: list[_Step] = []

    @property
    def steps(self) -> list[str]:
        """What would be taken back, the first step first."""
        return [step.label for step in self._steps]

    def push(self, label: str, take_back: Callable[..., Any], *args: Any) -> None:
        """Note how to take a step back; the callable may be plain or async."""
        self._steps.append(_Step(label, lambda: take_back(*args)))

    async def enter(
        self, manager: AbstractAsyncContextManager[T] | AbstractContextManager[T], label: str | None = None
    ) -> T:
        """Enter a context manager whose exit is its way back."""
        label = label or type(manager).__name__
        if isinstance(manager, AbstractAsyncContextManager):
            value = await manager.__aenter__()
            self._steps.append(_Step(label, lambda: manager.__aexit__(None, None, None)))
        else:
            value = manager.__enter__()
            self._steps.append(_Step(label, lambda: manager.__exit__(None, None, None)))
        return value

    def keep(self) -> None:
        """The change is complete: nothing is taken back any more."""
        self._steps.clear()

    async def take_back(self) -> list[Exception]:
        """Take all steps back now; gives the failures, which are logged too."""
        failures: list[Exception] = []
        while self._steps:
            step = self._steps.pop()
            try:
                result = step.take_back()
                if inspect.isawaitable(result):
                    await result
            except Exception as failure:
                failure.add_note(f"while taking back '{step.label}' of '{self.title}'")
                log.error("a step cannot be taken back", change=self.title, step=step.label, error=failure)
                failures.append(failure)
        return failures

    async def __aenter__(self) -> Self:
        """Begin the block."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take back what was not kept; failures become notes of the error that ended the block."""
        failures = await _finish(self.take_back())
        if not failures:
            return
        if error is None:
            raise ExceptionGroup(f"'{self.title}' could not be taken back wholly", failures)
        for failure in failures:
            error.add_note(f"{failure!r}: {'; '.join(failure.__notes__)}")


async def _finish(work: Any) -> Any:
    """Await to the end even when cancelled meanwhile; the cancellation is given on afterwards."""
    import asyncio

    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as cancellation:
            if task.cancelled():
                raise
            cancelled = cancellation
        except BaseException:
            break
    if cancelled is not None:
        raise cancelled
    return task.result()
