# SPDX-License-Identifier: LGPL-2.1-or-later
"""The syntax of configuration files."""

from __future__ import annotations

from typing import Any

from covirt.runtime.conf import Conf, Value
from covirt.testing.corpus.manifest import Case
from covirt.testing.corpus.trace import Out, Player, Vocabulary

LONGEST = 2**63 - 1


def run(case: Case) -> object:
    """Carry out one case."""
    if case.has("conf"):
        return Conf.read(case.path("conf")).format()
    Player(case, VOCABULARY, field=_field).play()
    return True


def _kind(conf: Conf, name: str) -> str:
    """The type that libvirt's parser notes for a value."""
    return str(_field(conf.get(name), "type"))


def _field(value: Any, name: str) -> Any:
    if name.startswith("["):
        return value[int(name.strip("[]"))]
    if name == "str":
        return value
    kinds = {str: "VIR_CONF_STRING", list: "VIR_CONF_LIST", int: "VIR_CONF_ULLONG"}
    return "VIR_CONF_LLONG" if isinstance(value, int) and value < 0 else kinds[type(value)]


def _give(out: Out, value: object) -> int:
    if value is None:
        return 0
    out.value = value
    return 1


def _value(conf: Conf, name: str) -> Value | None:
    return conf.get(name)


def _to_number(text: str, end: object, base: int, out: Out) -> int:
    out.value = int(text, base)
    return 0


VOCABULARY: Vocabulary = {
    "virConfReadString": lambda text, flags: Conf.parse(text, "memory conf"),
    "virConfGetValue": _value,
    "virConfGetValueType": _kind,
    "virConfGetValueString": lambda conf, name, out: _give(out, conf.string(name)),
    "virConfGetValueStringList": lambda conf, name, compat, out: _give(
        out, conf.strings(name, one_will_do=bool(compat))
    ),
    "virConfGetValueBool": lambda conf, name, out: _give(out, conf.boolean(name)),
    "virConfGetValueInt": lambda conf, name, out: _give(out, conf.integer(name)),
    "virConfGetValueUInt": lambda conf, name, out: _give(out, conf.unsigned(name)),
    "virConfGetValueLLong": lambda conf, name, out: _give(out, conf.integer(name, -LONGEST - 1, LONGEST)),
    "virConfGetValueSSizeT": lambda conf, name, out: _give(out, conf.integer(name, -LONGEST - 1, LONGEST)),
    "virConfGetValueULLong": lambda conf, name, out: _give(out, conf.unsigned(name, LONGEST)),
    "virConfGetValueSizeT": lambda conf, name, out: _give(out, conf.unsigned(name, LONGEST)),
    "virStrToLong_ull": _to_number,
    "g_strv_length": len,
}
