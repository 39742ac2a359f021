# SPDX-License-Identifier: LGPL-2.1-or-later
"""The options before the command."""

from __future__ import annotations

import getopt
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from covirt.cli.failure import CommandFailed

SHORT = "+c:d:e:hk:K:l:o:qrtvV"
LONG = (
    "connect=",
    "debug=",
    "escape=",
    "help",
    "keepalive-interval=",
    "keepalive-count=",
    "log=",
    "output=",
    "quiet",
    "readonly",
    "timing",
    "version",
)

USAGE = """
{program} [options]... [<command_string>]
{program} [options]... <command> [args...]

  options:
    -c | --connect=URI      hypervisor connection URI
    -d | --debug=NUM        debug level [0-4]
    -e | --escape <char>    set escape sequence for console
    -h | --help             this help
    -k | --keepalive-interval=NUM
                            keepalive interval in seconds, 0 for disable
    -K | --keepalive-count=NUM
                            number of possible missed keepalive messages
    -l | --log=FILE         output logging to file
    -o | --output=FORM      form of the output, text or json
    -q | --quiet            quiet mode
    -r | --readonly         connect readonly
    -t | --timing           print timing information
    -v                      short version
    -V                      long version
         --version[=TYPE]   version, TYPE is short or long (default short)
  commands (non interactive mode):

"""


class Level(IntEnum):
    """How much is told of what happens inside: this, and all that is more important."""

    DEBUG = 0
    INFO = 1
    NOTICE = 2
    WARNING = 3
    ERROR = 4


@dataclass
class Settings:
    """What the command line and the environment say before any command."""

    uri: str | None = None
    default_uri: str | None = None
    """Used by the first command that needs a connection; `uri` is connected to at once."""
    readonly: bool = False
    quiet: bool = False
    timing: bool = False
    json: bool = False
    debug: int = Level.ERROR
    escape: str = "^]"
    log: str | None = None
    keepalive_interval: int | None = None
    keepalive_count: int | None = None
    show: str | None = None
    """`help`, `short version` or `long version` instead of commands."""
    words: list[str] = field(default_factory=list)


def read_settings(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from arguments as getopt takes them: options end at the first word that is none."""
    settings = Settings(default_uri=environment.get("VIRSH_DEFAULT_CONNECT_URI"))
    if debug := environment.get("VIRSH_DEBUG"):
        settings.debug = _number(debug, "debug level")
    settings.log = environment.get("VIRSH_LOG_FILE")
    typed = [{"--version=long": "-V", "--version=short": "-v"}.get(word, word) for word in arguments]
    try:
        options, settings.words = getopt.getopt(typed, SHORT.lstrip("+"), list(LONG))
    except getopt.GetoptError as error:
        raise CommandFailed(_complaint(error)) from error
    for name, text in options:
        _apply(settings, name, text)
    return settings


def _apply(settings: Settings, name: str, text: str) -> None:
    match name:
        case "-c" | "--connect":
            settings.uri = text
        case "-d" | "--debug":
            settings.debug = _debug_level(text, name)
        case "-e" | "--escape":
            settings.escape = _escape(text)
        case "-h" | "--help":
            settings.show = "help"
        case "-k" | "--keepalive-interval":
            settings.keepalive_interval = _keepalive(text, name)
        case "-K" | "--keepalive-count":
            settings.keepalive_count = _keepalive(text, name)
        case "-l" | "--log":
            settings.log = text
        case "-o" | "--output":
            settings.json = _form(text)
        case "-q" | "--quiet":
            settings.quiet = True
        case "-r" | "--readonly":
            settings.readonly = True
        case "-t" | "--timing":
            settings.timing = True
        case "-v" | "--version":
            settings.show = settings.show or "short version"
        case "-V":
            settings.show = settings.show or "long version"


def _complaint(error: getopt.GetoptError) -> str:
    if "requires argument" in error.msg:
        long = next((name.rstrip("=") for name in LONG if name.startswith(error.opt)), error.opt)
        if len(error.opt) == 1:
            return f"option '-{error.opt}'/'--{long}' requires an argument"
        return f"option '-{long[0]}'/'--{long}' requires an argument"
    shown = f"-{error.opt}" if len(error.opt) == 1 else f"--{error.opt}"
    return f"unsupported option '{shown}'. See --help."


def _number(text: str, what: str) -> int:
    try:
        return int(text, 0)
    except ValueError:
        raise CommandFailed(f"Invalid value for option {what}") from None


def _debug_level(text: str, option: str) -> int:
    try:
        level = int(text)
    except ValueError:
        level = -1
    if not 0 <= level <= 4:
        raise CommandFailed(f"option {option} takes a numeric argument")
    return level


def _keepalive(text: str, option: str) -> int:
    number = _number(text, option)
    if number < 0:
        raise CommandFailed(f"option {option} requires a positive integer argument")
    return number


def _escape(text: str) -> str:
    """A character, or ^ and a letter for a control character."""
    if (len(text) == 2 and text[0] == "^" and ("a" <= text[1] <= "z" or "@" <= text[1] <= "_")) or (
        len(text) == 1 and text != "^"
    ):
        return text
    raise CommandFailed(f"Invalid string '{text}' for escape sequence")


def _form(text: str) -> bool:
    if text not in ("text", "json"):
        raise CommandFailed(f"unknown form of output '{text}': it is text or json")
    return text == "json"
