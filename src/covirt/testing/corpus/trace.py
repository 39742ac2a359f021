# SPDX-License-Identifier: LGPL-2.1-or-later
"""Play back a recorded trace: calls in order with their arguments, and relations that must hold between the results.

A suite module gives the vocabulary: which function of covirt each call of the trace stands for.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from covirt.errors import Error
from covirt.testing.corpus.compare import CannotRun, Mismatch
from covirt.testing.corpus.manifest import Case

RELATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "|": operator.or_,
    "&": operator.and_,
    "^": operator.xor,
    "&&": lambda left, right: bool(left) and bool(right),
    "||": lambda left, right: bool(left) or bool(right),
}


@dataclass(slots=True)
class Out:
    """An output argument; the called function sets its value."""

    name: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Named:
    """A thing that a trace only names: an object given from outside, a function, a constant."""

    kind: str
    name: str


Vocabulary = Mapping[str, Callable[..., Any]]


class Player:
    """Plays one trace."""

    def __init__(
        self,
        case: Case,
        calls: Vocabulary,
        *,
        given: Mapping[str, Any] | None = None,
        field: Callable[[Any, str], Any] = getattr,
        set_environment: Callable[[str, str | None], None] | None = None,
    ) -> None:
        """`given` are objects that exist beforehand, `field` reads a member of a result by its name in the trace."""
        self.case = case
        self._calls = calls
        self._given = given or {}
        self._field = field
        self._set_environment = set_environment
        self._results: dict[int, Any] = {}
        self._arguments: dict[int, list[Any]] = {}

    def play(self) -> None:
        """Carry out all steps; raise `Mismatch` at the first that does not hold."""
        steps = self.case.trace.get("steps", [])
        if not steps:
            raise CannotRun("the case has no steps")
        for number, step in enumerate(steps, 1):
            self._step(number, step)

    def _step(self, number: int, step: Mapping[str, Any]) -> None:
        if "call" in step:
            self._call(step)
        elif "env" in step:
            self._environment(step["env"])
        elif not self._holds(step):
            raise Mismatch(f"step {number} does not hold: {step}; have {self._shown(step)}")

    def _call(self, step: Mapping[str, Any]) -> None:
        name = step["call"]
        if name not in self._calls:
            raise CannotRun(f"{name} is not in the vocabulary of {self.case.suite}")
        arguments = [self.value(argument) for argument in step["args"]]
        try:
            result = self._calls[name](*arguments)
            went_well = succeeded(result)
        except Error as refusal:
            result, went_well = refusal, False
        self._results[step["n"]] = -1 if isinstance(result, Error) else result
        self._arguments[step["n"]] = arguments
        if "ok" in step and bool(step["ok"]) != went_well:
            raise Mismatch(f"{name} (call {step['n']}) {'succeeded' if went_well else f'failed: {result}'}")

    def _environment(self, changes: Mapping[str, str | None]) -> None:
        if self._set_environment is None:
            raise CannotRun("the environment cannot be changed here")
        for name, value in changes.items():
            self._set_environment(name, value)

    def _holds(self, step: Mapping[str, Any]) -> bool:
        if "equal" in step:
            left, right = map(self.value, step["equal"])
            return bool(left == right)
        if "differ" in step:
            left, right = map(self.value, step["differ"])
            return bool(left != right)
        if "true" in step or "false" in step:
            return succeeded(self.value(step.get("true", step.get("false")))) == ("true" in step)
        if "condition" in step:
            return bool(self.value(step["condition"])) == bool(step["holds"])
        if "relation" in step:
            return bool(RELATIONS[step["relation"]](*map(self.value, step["of"]))) == bool(step["holds"])
        raise CannotRun(f"a step of unknown form: {sorted(step)}")

    def value(self, written: Any) -> Any:
        """What an argument of the trace stands for."""
        if isinstance(written, Sequence) and not isinstance(written, str):
            return [self.value(item) for item in written]
        if isinstance(written, str):
            return written.replace("<corpus>", str(self.case.root))
        if not isinstance(written, Mapping):
            return written
        return self._object(written)

    def _object(self, written: Mapping[str, Any]) -> Any:
        if "result_of" in written:
            return self._results[written["result_of"]]
        if "out_of" in written:
            argument = self._arguments[written["out_of"]][written["arg"]]
            return argument.value if isinstance(argument, Out) else argument
        if "ref" in written:
            return self._variable(written["ref"], written.get("value"))
        if "field" in written and "of" in written:
            return self._field(self.value(written["of"]), written["field"])
        if "op" in written:
            return RELATIONS[written["op"]](*map(self.value, written["args"]))
        for kind in ("given", "func", "harness", "name"):
            if set(written) == {kind}:
                return self._given.get(written[kind], Named(kind, written[kind]))
        return {key: self.value(item) for key, item in written.items()}

    def _variable(self, name: str, before: Any) -> Out:
        """The variable that a call sets: a new one, or one that an earlier call has set already."""
        if isinstance(before, Mapping) and "out_of" in before:
            earlier = self._arguments[before["out_of"]][before["arg"]]
            if isinstance(earlier, Out) and earlier.name == name:
                return earlier
        return Out(name, self.value(before))

    def _shown(self, step: Mapping[str, Any]) -> str:
        parts = next(value for key, value in step.items() if key != "holds" and not isinstance(value, str))
        parts = parts if isinstance(parts, list) else [parts]
        return ", ".join(repr(self.value(part)) for part in parts)


def succeeded(result: Any) -> bool:
    """Whether a result counts as success: not negative, not absent, not false."""
    if isinstance(result, (bool, type(None))):
        return bool(result)
    return not (isinstance(result, int) and result < 0)
