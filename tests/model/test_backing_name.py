# SPDX-License-Identifier: LGPL-2.1-or-later
"""What image files call the images below them."""

from __future__ import annotations

import pytest

from covirt.errors import Error
from covirt.model.common.backing_name import read_backing_name
from covirt.model.common.storage_network import NetworkLocation


@pytest.mark.parametrize(
    "name",
    [
        "rbd:pool/image@then:mon_host=a.example\\:1\\;b.example:conf=/c",
        'json:{"driver":"rbd","pool":"pool","image":"image","snapshot":"then","conf":"/c",'
        '"server":[{"host":"a.example","port":"1"},{"host":"b.example"}]}',
    ],
)
def test_both_spellings_of_an_rbd_image(name: str) -> None:
    """They mean the same."""
    location = read_backing_name(name).source.location
    assert isinstance(location, NetworkLocation)
    assert (location.name, location.snapshot, location.config) == ("pool/image", "then", "/c")
    assert [(host.name, host.port) for host in location.hosts] == [("a.example", 1), ("b.example", 0)]


def test_credentials_in_an_address_are_noticed() -> None:
    """Nobody would have them later."""
    assert not read_backing_name("http://me@example.org/disk").whole


@pytest.mark.parametrize("name", ["json:[]", "json:7", "nbd:", "nbd:host", "ssh:x", "blah:x", 'json:{"driver":"raw"}'])
def test_nonsense_is_refused(name: str) -> None:
    """With an error of ours."""
    with pytest.raises(Error):
        read_backing_name(name)
