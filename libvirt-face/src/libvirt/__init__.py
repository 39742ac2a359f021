# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Python interface of libvirt, with its historical names, on covirt: no C library, safe in threads.

`open` connects to drivers inside this process (`test:///default`) or to any daemon that speaks libvirt's protocol.
Constants and regular methods are generated (`_constants`, `_calls`); what is irregular stands by hand in `_connect`,
`_domain`, `_objects` and `_stream`. Nothing of covirt is imported before the first connection.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from libvirt import _constants
from libvirt._connect import virConnect as virConnect
from libvirt._constants import *  # noqa: F403
from libvirt._domain import virDomain as virDomain
from libvirt._domain import virDomainCheckpoint as virDomainCheckpoint
from libvirt._domain import virDomainSnapshot as virDomainSnapshot
from libvirt._errors import libvirtError as libvirtError
from libvirt._errors import registerErrorHandler as registerErrorHandler
from libvirt._errors import virGetLastError as virGetLastError
from libvirt._errors import virGetLastErrorCode as virGetLastErrorCode
from libvirt._errors import virGetLastErrorDomain as virGetLastErrorDomain
from libvirt._errors import virGetLastErrorMessage as virGetLastErrorMessage
from libvirt._errors import virResetLastError as virResetLastError
from libvirt._eventloop import _dispatchEventHandleCallback as _dispatchEventHandleCallback
from libvirt._eventloop import _dispatchEventTimeoutCallback as _dispatchEventTimeoutCallback
from libvirt._eventloop import _eventInvokeHandleCallback as _eventInvokeHandleCallback
from libvirt._eventloop import _eventInvokeTimeoutCallback as _eventInvokeTimeoutCallback
from libvirt._eventloop import virEventAddHandle as virEventAddHandle
from libvirt._eventloop import virEventAddTimeout as virEventAddTimeout
from libvirt._eventloop import virEventInvokeFreeCallback as virEventInvokeFreeCallback
from libvirt._eventloop import virEventRegisterDefaultImpl as virEventRegisterDefaultImpl
from libvirt._eventloop import virEventRegisterImpl as virEventRegisterImpl
from libvirt._eventloop import virEventRemoveHandle as virEventRemoveHandle
from libvirt._eventloop import virEventRemoveTimeout as virEventRemoveTimeout
from libvirt._eventloop import virEventRunDefaultImpl as virEventRunDefaultImpl
from libvirt._eventloop import virEventUpdateHandle as virEventUpdateHandle
from libvirt._eventloop import virEventUpdateTimeout as virEventUpdateTimeout
from libvirt._eventloop import virInitialize as virInitialize
from libvirt._objects import virInterface as virInterface
from libvirt._objects import virNetwork as virNetwork
from libvirt._objects import virNetworkPort as virNetworkPort
from libvirt._objects import virNodeDevice as virNodeDevice
from libvirt._objects import virNWFilter as virNWFilter
from libvirt._objects import virNWFilterBinding as virNWFilterBinding
from libvirt._objects import virSecret as virSecret
from libvirt._objects import virStoragePool as virStoragePool
from libvirt._objects import virStorageVol as virStorageVol
from libvirt._stream import virStream as virStream

_VERSION = 11_003_000
"""The version of the C library whose interface this is."""


def open(name: str | None = None) -> virConnect:
    """Connect to a hypervisor; without a URI to the one that the configuration names."""
    return _opened(name, 0, "virConnectOpen", None)


def openReadOnly(name: str | None = None) -> virConnect:
    """Connect to a hypervisor without being able to change anything."""
    return _opened(name, _constants.VIR_CONNECT_RO, "virConnectOpenReadOnly", None)


def openAuth(uri: str | None, auth: Sequence[Any] | None, flags: int = 0) -> virConnect:
    """Connect, and be asked for names and passwords: `auth` is types, function and what the function gets."""
    return _opened(uri, flags, "virConnectOpenAuth", auth)


def getVersion(name: str | None = None) -> Any:
    """The version of the interface; with the name of a driver also the driver's."""
    virResetLastError()
    return _VERSION if name is None else (_VERSION, _VERSION)


def _opened(uri: str | None, flags: int, function: str, auth: Sequence[Any] | None) -> virConnect:
    from libvirt._open import connect

    return virConnect(connect(uri, flags, function, auth))
