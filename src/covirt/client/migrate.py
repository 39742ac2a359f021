# SPDX-License-Identifier: LGPL-2.1-or-later
"""Moving a guest between two connections: we carry what one side has to tell the other."""

from __future__ import annotations

from typing import Any

from covirt.api.call import Call
from covirt.api.connect import open as opening
from covirt.api.connect.open import DriverFeature
from covirt.api.domain import info
from covirt.api.domain import migration_steps as steps
from covirt.api.domain.migration_steps import DomainMigrateFlags, MigrateParam
from covirt.api.domain.states import DomainState
from covirt.api.handles import Connect, Domain, Handle
from covirt.api.params import TypedParams
from covirt.client.channel import Channel
from covirt.errors import ArgumentUnsupported, Error, ErrorCode, InternalError, InvalidArg, NoSupport, OperationFailed

Flag = DomainMigrateFlags
_CONNECT = Connect()
_OF_SOURCE_ONLY = Flag.ABORT_ON_ERROR | Flag.AUTO_CONVERGE


async def lead(
    source: Channel, target: Channel, dom: Domain, params: TypedParams, flags: Flag, *, function: str
) -> Domain:
    """Lead both sides through the steps; the guest runs on one of them, whatever fails."""
    if flags & Flag.PEER2PEER:
        raise InvalidArg.of_function(function, "flags", "use virDomainMigrateToURI3 for peer-to-peer migration")
    if flags & Flag.TUNNELLED:
        message = "cannot perform tunnelled migration without using peer2peer flag"
        raise InvalidArg.of_function(function, "flags", message)
    for channel in (source, target):
        if not await _has(channel, DriverFeature.MIGRATION_PARAMS):
            raise NoSupport(function)
    flags &= ~Flag.CHANGE_PROTECTION
    if flags & Flag.OFFLINE:
        await _check_offline(source, target)
    protected = await _has(source, DriverFeature.MIGRATE_CHANGE_PROTECTION)
    return await _Leader(source, target, dom, params, flags, Flag.CHANGE_PROTECTION if protected else Flag(0)).run()


async def send(source: Channel, dom: Domain, uri: str | None, params: TypedParams, flags: Flag) -> None:
    """Have the guest's own side do it all."""
    peer = bool(flags & Flag.PEER2PEER)
    needed = DriverFeature.MIGRATION_P2P if peer else DriverFeature.MIGRATION_DIRECT
    if not await _has(source, needed):
        way = "p2p" if peer else "direct"
        raise ArgumentUnsupported(f"{way} migration is not supported by the source host")
    await _make(source, steps.migrate_perform3_params, dom, uri if peer else None, params, b"", flags)


class _Leader:
    """One migration."""

    def __init__(
        self, source: Channel, target: Channel, dom: Domain, params: TypedParams, flags: Flag, protection: Flag
    ) -> None:
        self.source, self.target, self.dom = source, target, dom
        self.params = TypedParams(params.entries)
        self.flags = flags
        self.protection = protection
        self.cookie = b""

    async def run(self) -> Domain:
        """Begin, prepare, perform, finish, confirm."""
        begun = await _make(
            self.source, steps.migrate_begin3_params, self.dom, self.params, self.flags | self.protection
        )
        self.cookie = begun.cookie_out
        state = (await _make(self.source, info.state, self.dom, info.state.complete()[0])).state
        if state == DomainState.PAUSED and not self.flags & Flag.POSTCOPY_RESUME:
            self.flags |= Flag.PAUSED
        try:
            await self._prepare(begun.xml)
        except Error:
            if self.protection:
                await self._confirm(cancelled=True)
            raise
        return await self._transfer()

    async def _prepare(self, xml: str) -> None:
        self._put(MigrateParam.DEST_XML, xml)
        ready = await _make(
            self.target, steps.migrate_prepare3_params, _CONNECT, self.params, self.cookie,
            self.flags & ~_OF_SOURCE_ONLY,
        )  # fmt: skip
        self.cookie = ready.cookie_out
        if ready.uri_out:
            self._put(MigrateParam.URI, ready.uri_out)

    async def _transfer(self) -> Domain:
        failed = await self._perform()
        cancelled_there = failed is not None
        try:
            arrived = await self._finish(cancelled=cancelled_there)
        except Error as error:
            failed = _both(failed, error) if failed else error
            arrived = None
        if not cancelled_there:
            try:
                await self._confirm(cancelled=arrived is None)
            except Error as error:
                failed = failed or (error if arrived is None else None)
        if failed is not None or arrived is None:
            raise failed or InternalError("the guest did not arrive")
        return arrived

    async def _perform(self) -> Error | None:
        """Send the guest; its failure is the other side's business, too."""
        if str(MigrateParam.URI) not in self.params:
            return InternalError("domainMigratePrepare3 did not set uri")
        if self.flags & Flag.OFFLINE:
            self.cookie = b""
            return None
        try:
            self.cookie = await _make(
                self.source, steps.migrate_perform3_params, self.dom, None, self.params, self.cookie,
                self.flags | self.protection,
            )  # fmt: skip
        except Error as error:
            self.cookie = b""
            return error
        return None

    async def _finish(self, *, cancelled: bool) -> Domain | None:
        if str(MigrateParam.DEST_NAME) not in self.params:
            self._put(MigrateParam.DEST_NAME, self.dom.name)
        arrival = await _make(
            self.target, steps.migrate_finish3_params, _CONNECT, self.params, self.cookie,
            self.flags & ~_OF_SOURCE_ONLY, int(cancelled),
        )  # fmt: skip
        self.cookie = arrival.cookie_out
        return None if cancelled else arrival.dom

    async def _confirm(self, *, cancelled: bool) -> None:
        await _make(
            self.source, steps.migrate_confirm3_params, self.dom, self.params, self.cookie,
            self.flags | self.protection, int(cancelled),
        )  # fmt: skip

    def _put(self, name: MigrateParam, value: str) -> None:
        self.params.entries = [entry for entry in self.params.entries if entry.name != name]
        self.params.put(name, value)


async def _make(channel: Channel, call: Call[Any, ..., Any], subject: Handle, *args: Any) -> Any:
    return (await channel.perform(call, subject, args)).result


async def _has(channel: Channel, feature: DriverFeature) -> bool:
    return bool(await _make(channel, opening.supports_feature, _CONNECT, feature))


async def _check_offline(source: Channel, target: Channel) -> None:
    for channel, side in ((source, "source"), (target, "destination")):
        if not await _has(channel, DriverFeature.MIGRATION_OFFLINE):
            raise ArgumentUnsupported(f"offline migration is not supported by the {side} host")


def _both(source: Error, target: Error) -> Error:
    """What is told when both sides failed, and the other side not only because this one did."""
    if target.code == ErrorCode.MIGRATE_FINISH_OK or source.code != ErrorCode.OPERATION_FAILED:
        return source
    return OperationFailed(
        f"migration failed. Message from the source host: {source.message}. "
        f"Message from the destination host: {target.message}"
    )
