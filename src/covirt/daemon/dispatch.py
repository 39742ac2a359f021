# SPDX-License-Identifier: LGPL-2.1-or-later
"""From a message to a handler and back to a message.

    is there such a procedure?  has the client proved who it is?  does the payload decode?  perform  encode

Calls that the daemon answers itself have handlers here in the daemon, all others go through the client's session.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from covirt.api.binding import CallTable
from covirt.api.call import Call
from covirt.api.catalogue import all_calls
from covirt.api.request import Request
from covirt.api.stream import StreamEnd, stream_pair
from covirt.api.themes import Program
from covirt.daemon.streams import ClientStream
from covirt.errors import Error, InternalError, RpcError
from covirt.rpc.codec import Arguments, CallCodec, codec_of
from covirt.rpc.link import close_fds
from covirt.runtime.log import get
from covirt.wire.message import Message
from covirt.wire.server import error_reply, reply
from covirt.wire.stream import StreamKey

if TYPE_CHECKING:
    from covirt.daemon.connection import ClientConnection

log = get("daemon.dispatch")

AnyCall = Call[Any, ..., Any]


class Dispatcher:
    """The calls of one server."""

    def __init__(self, programs: Iterable[Program], own: CallTable) -> None:
        """Serve some programs; `own` has the calls that the daemon answers itself."""
        self.own = own
        self._calls = {
            (program.number, program.version): {call.number: call for call in all_calls(program)}
            for program in programs
        }
        self.programs = set(self._calls)

    async def answer(self, client: ClientConnection, message: Message) -> None:
        """Do what a message asks for and send the reply."""
        try:
            await self._perform(client, message)
        except Error as error:
            client.send(error_reply(message, error))
        except Exception as error:
            log.error("a call failed in an unforeseen way", procedure=message.procedure, error=error)
            client.send(error_reply(message, InternalError(f"unexpected {type(error).__name__}")))
        finally:
            close_fds(message.fds)

    async def _perform(self, client: ClientConnection, message: Message) -> None:
        call = self._calls[message.program, message.version].get(message.procedure)
        if call is None:
            raise RpcError(f"unknown procedure: {message.procedure}")
        if call.traits.needs_auth and not client.authenticated:
            raise RpcError("authentication required")
        codec = codec_of(call)
        arguments = codec.decode_args(message)
        codec.check_asked(arguments.asked)
        if call.stream is not None:
            await self._perform_stream(client, message, codec, arguments)
            return
        result, fds = await self._result(client, call, arguments, message)
        client.send(reply(message, codec.encode_result, (result, arguments.asked), len(fds)), fds)

    async def _result(
        self,
        client: ClientConnection,
        call: AnyCall,
        arguments: Arguments,
        message: Message,
        stream: StreamEnd | None = None,
    ) -> tuple[Any, list[int]]:
        binding = self.own.get(call)
        if binding is not None:
            request: Request[Any, None] = Request(
                client, call, arguments.subject, arguments.args, None, client.state, stream, message.fds
            )
            result = await binding.handler(request, *arguments.args)
            return result, request.reply_fds
        session = client.state.session_for(call)
        answer = await session.perform(call, arguments.subject, arguments.args, stream=stream, fds=message.fds)
        return answer.result, list(answer.fds)

    async def _perform_stream(
        self, client: ClientConnection, message: Message, codec: CallCodec, arguments: Arguments
    ) -> None:
        """A call that opens a stream: it is open when the reply goes out."""
        call = codec.call
        assert call.stream is not None
        near, far = stream_pair()
        result, _ = await self._result(client, call, arguments, message, far)
        key = StreamKey.of(message)
        flag = call.traits.sparse_flag
        flags = int(arguments.args[call.flags_at]) if call.flags_at is not None else 0
        client.send(reply(message, codec.encode_result, (result, arguments.asked)))
        stream = ClientStream(key, near, client, call.stream, client.forget_stream)
        client.open_stream(key, stream, sparse=flag is not None and bool(flags & flag))
