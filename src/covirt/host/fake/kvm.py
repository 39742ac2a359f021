# SPDX-License-Identifier: LGPL-2.1-or-later
"""KVM as a test wants it to be."""

from __future__ import annotations

from covirt.host.kvm import Kvm, KvmState


class FakeKvm(Kvm):
    """Answers with a state that a test can set."""

    def __init__(self, state: KvmState | None = None) -> None:
        """Usable unless said."""
        super().__init__()
        self.answer = state or KvmState(max_vcpus=255)

    def state(self) -> KvmState:
        """What was set."""
        return self.answer

    def usable_by(self, uid: int, groups: tuple[int, ...]) -> bool:
        """Everybody may, if anybody can."""
        return self.answer.usable
