# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tree of errors: every code, libvirt's message forms, objects and places."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from covirt import errors
from covirt.errors import Error, ErrorCode, ErrorDomain, ErrorLevel

SHARED = Path(os.environ.get("COVIRT_SHARED", Path(__file__).parents[2] / "shared"))


@pytest.fixture(scope="module")
def facts() -> dict[str, list[dict[str, Any]]]:
    path = SHARED / "facts" / "errors.json"
    if not path.exists():
        pytest.skip(f"no facts at {path}")
    loaded: dict[str, list[dict[str, Any]]] = json.loads(path.read_text())
    return loaded


def test_every_code_has_its_class() -> None:
    for code in ErrorCode:
        assert errors.error_class(code).code is code


def test_codes_and_messages_are_libvirts(facts: dict[str, list[dict[str, Any]]]) -> None:
    assert {code.symbol: int(code) for code in ErrorCode} == {row["name"]: row["value"] for row in facts["codes"]}
    for row in facts["codes"]:
        if row["message"]:
            cls = errors.error_class(ErrorCode(row["value"]))
            assert (cls.text, cls.detailed) == (row["message"], row["message_with_detail"])


def test_domains_and_levels_are_libvirts(facts: dict[str, list[dict[str, Any]]]) -> None:
    ours = {(f"VIR_FROM_{domain.name}", int(domain), domain.text) for domain in ErrorDomain}
    assert ours == {(row["name"], row["value"], row["text"]) for row in facts["domains"]}
    assert {(int(level), level.text) for level in ErrorLevel} == {
        (row["value"], row["text"]) for row in facts["levels"]
    }


def test_message_has_the_detail_in_its_place() -> None:
    assert str(errors.NoSuchDomain()) == "Domain not found"
    assert str(errors.NoSuchDomain("no domain with matching name 'a%s'")).endswith(
        ": no domain with matching name 'a%s'"
    )
    assert str(errors.DomainExists("vm1")) == "domain vm1 exists already"


def test_template_and_detail_are_told_apart() -> None:
    error = errors.OperationInvalid("domain is not running")
    assert (error.str1, error.str2, error.int1, error.int2) == (
        "Requested operation is not valid: %s",
        "domain is not running",
        -1,
        -1,
    )


def test_system_error_says_what_the_kernel_says() -> None:
    error = errors.SystemCallFailed.from_errno(2, "Unable to open '/x'")
    assert str(error) == "Unable to open '/x': No such file or directory"
    assert error.int1 == 2


def test_argument_check_has_no_prefix() -> None:
    error = errors.InvalidArg.of_function("virDomainCreate", "flags", "flags must be zero")
    assert (str(error), error.str1, error.str2, error.int1) == ("flags must be zero", "virDomainCreate", "flags", 0)


def test_explain_names_object_place_and_hint() -> None:
    error = errors.XmlError(
        "unknown bus",
        about="domain vm1",
        path="/domain/devices/disk/target/@bus",
        line=12,
        hint="did you mean 'virtio'?",
    )
    assert error.explain() == (
        "XML error: unknown bus (domain vm1; /domain/devices/disk/target/@bus, line 12)\nhint: did you mean 'virtio'?"
    )


def test_report_has_only_what_is_known() -> None:
    assert errors.NoSuchDomain("x").report() == {
        "code": 42,
        "domain": 0,
        "level": 2,
        "message": "Domain not found: x",
    }


def test_groups_catch_their_kind() -> None:
    with pytest.raises(errors.NotFound):
        raise errors.NoSuchNetwork("x")


def test_received_error_keeps_every_field() -> None:
    error = errors.received(42, "Domain not found: x", domain=12, str1="Domain not found: %s", str2="x", int1=-1)
    assert isinstance(error, errors.NoSuchDomain)
    assert (error.domain, error.message, error.str1, error.str2) == (
        ErrorDomain.TEST,
        "Domain not found: x",
        "Domain not found: %s",
        "x",
    )


def test_received_unknown_numbers_are_kept() -> None:
    error = errors.received(9999, "new", domain=999)
    assert type(error) is Error
    assert (error.code, error.domain) == (9999, ErrorDomain.NONE)


def test_two_classes_cannot_share_a_code() -> None:
    with pytest.raises(TypeError, match="same code"):
        type("Again", (Error,), {}, code=ErrorCode.NO_DOMAIN, text="again")
