# SPDX-License-Identifier: LGPL-2.1-or-later
"""A guest that is its own firmware: no boot loader, no disk, nothing to wait for.

It prints `BANNER` on the first serial port and then echoes what it reads there. It sleeps when there is nothing to do,
powers off when the ACPI power button is pressed, and obeys four control characters:

    ^D  power off                                       ^R  reset
    ^P  report a panic (pvpanic at port 0x505)          ^T  a dot each second, on and off

Only 16-bit integer instructions and the ports of `pc` and `q35` are used, so that it runs under every accelerator.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from covirt.testing.guests.cache import cache_directory, keep
from covirt.testing.guests.listing import assemble

BANNER = "covirt rom guest ready"
"""What the guest says first, followed by a line end."""

POWER_OFF, RESET, PANIC, TICK = b"\x04", b"\x12", b"\x10", b"\x14"

ROM_SIZE = 64 * 1024

_SOURCE = f"""
; registers kept all the time: bp = I/O base of power management, bl = last second seen, bh = ticking
        fa fc               ; cli; cld
        31c0 8ed0 8ec0      ; ss = es = 0
        bc007c              ; sp = 0x7c00
        8cc8 8ed8           ; ds = cs

; The old interrupt controller reaches the processor through the local APIC's LINT0, which firmware would open.
; TCG wants LINT0 at 0xfee00350 := 0x700 (ExtINT); that address needs a segment without limit, which outlasts a short
; visit to protected mode. A KVM that emulates instructions does not know such segments; there the APIC goes off.
        68cf00 680092 6a00 6aff     ; on the stack a descriptor: data, base 0, 4 GiB
        6a00 68f07b 6a0f            ; and its table's address and limit
        89e5 660f015600             ; bp = sp; lgdt [bp]
        0f20c0 0c01 0f22c0          ; protected mode
        bb0800 8ee3                 ; fs = the descriptor
        24fe 0f22c0                 ; real mode
        666467c705 5003e0fe 00070000
        66b91b000000                ; ecx = 0x1b: APIC base
        0f32 80e4f7 0f30            ; clear the enable bit

; all sixteen hardware interrupts only wake the processor
        bf8000 b91000       ; di = 4 * 0x20; cx = 16
vector: b8 @wake ab         ; stosw the offset
        8cc8 ab             ; stosw the segment
        e2 >vector          ; loop
        b011 e620 e6a0      ; both interrupt controllers: edge, cascade, four words
        b020 e621 b028 e6a1 ; vectors 0x20 and 0x28
        b004 e621 b002 e6a1 ; the second hangs on line 2
        b001 e621 e6a1      ; 8086 mode
        b0ea e621 b0fd e6a1 ; open: 0 timer, 2 cascade, 4 serial, 9 power management
        b034 e643           ; timer 0: rate generator
        31c0 e640 e640      ; 18.2 times a second

; first serial port: 8N1, receive interrupt
        bafb03 b003 ee      ; line control
        bafa03 b007 ee      ; queues on and empty
        bafc03 b00b ee      ; DTR, RTS, interrupt line connected
        baf903 b001 ee      ; interrupt when a byte is there

; power management: function 00:01.3 of a PIIX4 or 00:1f.0 of an ICH9
        bd0006              ; bp = 0x600 unless firmware has chosen
        66b8000b0080        ; eax = 00:01.3
        66bf86801371        ; edi = 8086:7113
        b180 b301           ; its enable register 0x80 := 1
        e8 >>power
        66b800f80080        ; eax = 00:1f.0
        66bf86801829        ; edi = 8086:2918
        b144 b380           ; its enable register 0x44 := 0x80
        e8 >>power
        8d5602 b80001 ef    ; PM1 enable: power button
        8d5604 b80100 ef    ; PM1 control: interrupts go to line 9

        31db                ; bx = 0
        be @banner
print:  ac 84c0             ; lodsb; test al, al
        74 >main
        e8 >>putc
        eb >print

main:   fa                  ; cli
        89ea ed f6c401      ; PM1 status: power button?
        75 >off
        bafd03 ec a801      ; line status: a byte?
        75 >key
        84ff 74 >idle       ; ticking?
        b000 e670 e471      ; the clock's second
        38d8 74 >idle       ; still the same
        88c3 b02e           ; bl = al; al = '.'
        e8 >>putc
idle:   fb f4               ; sti; hlt: an interrupt between the two is not lost
        eb >main

key:    baf803 ec           ; the byte
        3c04 74 >off
        3c12 74 >reset
        3c10 74 >panic
        3c14 74 >tick
        e8 >>putc
        3c0d 75 >main       ; a carriage return
        b00a e8 >>putc      ; gets its line feed
        eb >main
tick:   80f701 eb >main     ; xor bh, 1
panic:  ba0505 b001 ee      ; pvpanic: PANICKED
        eb >main
off:    8d5604 b80020 ef    ; PM1 control: sleep type 0 is S5
        fa f4 eb >off
reset:  baf90c b006 ee      ; port 0xcf9: hard reset
        fa f4 eb >reset

wake:   50 b020 e6a0 e620   ; end of interrupt, both controllers
        58 cf               ; iret

putc:   50 52 88c4          ; ah = the byte
        bafd03              ; wait until the line takes one
full:   ec a820 74 >full
        88e0 baf803 ee
        5a 58 c3

power:  6689c6 e8 >>select  ; esi = address
        66ed 6639f8         ; the function expected?
        75 >leave
        6689f0 b040 e8 >>select
        66ed 25c0ff         ; base set by firmware?
        75 >found
        6689f0 b040 e8 >>select
        66b801060000 66ef   ; base := 0x600
found:  25c0ff 89c5         ; bp = ax & 0xffc0
        6689f0 88c8 e8 >>select
        660fb6c3 66ef       ; enable: a reset keeps the base but not this
leave:  c3
select: baf80c 66ef         ; configuration address
        bafc0c c3           ; dx = configuration data

banner: "{BANNER}" 0d0a00
"""


def rom_guest() -> Path:
    """The firmware image as a file in the cache."""
    image = rom_image()
    path = cache_directory() / f"rom-{hashlib.sha256(image).hexdigest()[:12]}.bin"
    return path if path.exists() else keep(path, image)


def rom_image() -> bytes:
    """The firmware image, for `<loader type='rom'>` or `qemu-system-x86_64 -bios`."""
    image = bytearray(assemble(_SOURCE).ljust(ROM_SIZE, b"\xff"))
    image[0xFFF0:0xFFF5] = assemble("ea 0000 00f0 ; reset: jmp f000:0000")
    return bytes(image)


def disk_image(size: int = 1024 * 1024) -> bytes:
    """A raw disk whose boot sector is the same guest, for tests that need one to boot from a disk."""
    entry = assemble("ea 057c 0000 ; jmp 0000:7c05")
    sector = (entry + assemble(_SOURCE, origin=0x7C05)).ljust(510, b"\0") + b"\x55\xaa"
    return sector.ljust(size, b"\0")
