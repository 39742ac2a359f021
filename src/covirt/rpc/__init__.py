# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where api and wire meet: how the declared calls and events look in messages.

`layouts` turns annotations into XDR types, `codec` has the four functions of a call and those of an event. Client and
daemon use them; nothing here knows a socket. Begin with `codec_of` and `event_codec_of` in `codec`.
"""
