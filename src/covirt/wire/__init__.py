# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bytes and values of the RPC protocol; no sockets, no calls.

`xdr/` turns type descriptions into fast encoders and decoders. `message`, `framing`, `fault`, `stream` and `keepalive`
are the parts of a conversation; `client` and `server` are its two ends as state machines that take bytes and give
events. Begin with `message`.
"""
