# SPDX-License-Identifier: LGPL-2.1-or-later
"""Images by the JSON of the QEMU block node that reaches them, as it stands in the image above."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from covirt.errors import InternalError, InvalidArg
from covirt.json_text import nest_dotted_keys, read_json
from covirt.model.common.backing_address import address_of, port_number, rbd_colons
from covirt.model.common.pci import PciSlot
from covirt.model.common.storage_network import (
    ENCRYPTED,
    WEB,
    Cookie,
    NetworkLocation,
    StorageHost,
    StorageIdentity,
    StorageProtocol,
    Transport,
)
from covirt.model.common.storage_source import (
    BlockLocation,
    FileLocation,
    Location,
    NvmeLocation,
    StorageSlice,
    StorageSource,
)

Json = Mapping[str, Any]
_PCI = re.compile(r"([0-9a-fA-F]+):([0-9a-fA-F]+):([0-9a-fA-F]+)\.([0-9a-fA-F]+)")


def read_node_name(text: str) -> tuple[StorageSource, bool]:
    """The source that a node reaches, and whether all could be understood; both of QEMU's spellings are known."""
    whole = read_json(text)
    if not isinstance(whole, dict):
        raise InternalError(f"JSON backing volume definition '{text}' is no object")
    # Without any key it would be a list as well.
    node = nest_dotted_keys(whole) or {}
    if not isinstance(node, dict):
        raise InternalError(f"JSON backing volume definition '{text}' is no object")
    inner = node.get("file")
    if "driver" not in node and isinstance(inner, dict):
        node = inner
    return _read_node(node, text, outermost=True)


def _read_node(node: Json, text: str, *, outermost: bool) -> tuple[StorageSource, bool]:
    driver = _text(node, "driver")
    if driver is None:
        raise InvalidArg(f"JSON backing volume definition '{text}' lacks driver name")
    if driver == "raw":
        if not outermost:
            raise InvalidArg(f"JSON backing volume definition '{text}' must not have nested format drivers")
        return _raw(node, text)
    if driver in _WEB_DRIVERS:
        location, whole = _web(node, text, StorageProtocol(driver))
        return StorageSource(location=location), whole
    if driver not in _READERS:
        raise InternalError(f"missing parser implementation for JSON backing volume driver '{driver}'")
    place, whole = _READERS[driver](node)
    return StorageSource(location=place), whole


def _text(node: Json, name: str) -> str | None:
    value = node.get(name)
    return value if isinstance(value, str) else None


def _whole_number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _raw(node: Json, text: str) -> tuple[StorageSource, bool]:
    part = {name: node[name] for name in ("offset", "size") if name in node}
    for name, value in part.items():
        if _whole_number(value) is None:
            raise InvalidArg(f"malformed '{name}' property of 'raw' driver")
    inner = node.get("file")
    if not isinstance(inner, dict):
        raise InvalidArg(f"JSON backing volume definition '{text}' lacks 'file' object")
    source, whole = _read_node(inner, text, outermost=False)
    if part:
        source.slices = [StorageSlice(offset=part.get("offset", 0), size=part.get("size", 0))]
    return source, whole


def _path(node: Json) -> str:
    path = _text(node, "filename")
    if path is None:
        raise InvalidArg("missing 'filename' field in JSON backing volume definition")
    return path


def _file(node: Json) -> tuple[Location, bool]:
    return FileLocation(path=_path(node)), True


def _block(node: Json) -> tuple[Location, bool]:
    return BlockLocation(path=_path(node)), True


_WEB_DRIVERS = ("http", "https", "ftp", "ftps", "tftp")


def _web(node: Json, text: str, protocol: StorageProtocol) -> tuple[NetworkLocation, bool]:
    url = _text(node, "url")
    if url is None:
        raise InvalidArg("missing 'url' in JSON backing volume definition")
    location, whole = address_of(url, protocol)
    if protocol in ENCRYPTED and "sslverify" in node:
        # libguestfs writes "off".
        verify = False if node["sslverify"] == "off" else node["sslverify"]
        if not isinstance(verify, bool):
            raise InvalidArg(f"malformed 'sslverify' field in backing store definition '{text}'")
        location.ssl_verify = verify
    if protocol in WEB and "cookie" in node:
        location.cookies = _cookies(_text(node, "cookie"), text)
    for name in ("readahead", "timeout"):
        number = _whole_number(node.get(name, 0))
        if number is None:
            raise InvalidArg(f"malformed '{name}' field in backing store definition '{text}'")
        setattr(location, name, number)
    return location, whole


def _cookies(cookies: str | None, text: str) -> list[Cookie]:
    if cookies is None:
        raise InvalidArg(f"wrong format of 'cookie' field in backing store definition '{text}'")
    found: list[Cookie] = []
    for cookie in cookies.split(";"):
        name, equals, value = cookie.lstrip().partition("=")
        if not equals:
            raise InvalidArg(f"malformed http cookie '{cookie}' in backing store definition '{text}'")
        found.append(Cookie(name=name, value=value))
    return found


def _inet(server: Any) -> StorageHost:
    if not isinstance(server, dict):
        raise InvalidArg("missing remote server specification in JSON backing volume definition")
    name = _text(server, "host")
    if name is None:
        raise InvalidArg("missing hostname for tcp backing server in JSON backing volume definition")
    return StorageHost(name=name, port=port_number(_text(server, "port")))


def _socket(server: Any) -> StorageHost:
    if not isinstance(server, dict):
        raise InvalidArg("missing remote server specification in JSON backing volume definition")
    match _text(server, "type"):
        case None:
            raise InvalidArg("missing socket address type in JSON backing volume definition")
        case "tcp" | "inet":
            return _inet(server)
        case "unix":
            # Gluster's name for it was another one once.
            path = _text(server, "path") or _text(server, "socket")
            if path is None:
                raise InvalidArg("missing socket path for udp backing server in JSON backing volume definition")
            return StorageHost(transport=Transport.UNIX, socket=path)
        case other:
            raise InternalError(f"backing store protocol '{other}' is not yet supported")


def _gluster(node: Json) -> tuple[Location, bool]:
    if address := _text(node, "filename"):
        return address_of(address, StorageProtocol.GLUSTER)
    volume, path, servers = _text(node, "volume"), _text(node, "path"), node.get("server")
    if volume is None or path is None or not isinstance(servers, list):
        raise InvalidArg("missing 'volume', 'path' or 'server' attribute in JSON backing definition for gluster volume")
    if not servers:
        raise InvalidArg("at least 1 server is necessary in JSON backing definition for gluster volume")
    hosts = [_socket(server) for server in servers]
    return NetworkLocation(protocol=StorageProtocol.GLUSTER, name=f"{volume}/{path}", hosts=hosts), True


def _iscsi(node: Json) -> tuple[Location, bool]:
    if address := _text(node, "filename"):
        return address_of(address, StorageProtocol.ISCSI)
    portal, target = _text(node, "portal"), _text(node, "target")
    if _text(node, "transport") != "tcp":
        raise InvalidArg("only TCP transport is supported for iSCSI volumes")
    if portal is None:
        raise InvalidArg("missing 'portal' address in iSCSI backing definition")
    if target is None:
        raise InvalidArg("missing 'target' in iSCSI backing definition")
    name, colon, port = portal.rpartition(":")
    host = StorageHost(name=name, port=port_number(port)) if colon and "]" not in port else StorageHost(name=portal)
    name = f"{target}/{node.get('lun', 0)}"
    whole = _text(node, "user") is None and _text(node, "password") is None
    return NetworkLocation(protocol=StorageProtocol.ISCSI, name=name, hosts=[host]), whole


def _nbd(node: Json) -> tuple[Location, bool]:
    path, name, server = _text(node, "path"), _text(node, "host"), node.get("server")
    if isinstance(server, dict):
        host = _socket(server)
    elif path is not None:
        host = StorageHost(transport=Transport.UNIX, socket=path)
    elif name is not None:
        host = StorageHost(name=name, port=port_number(_text(node, "port")))
    else:
        raise InvalidArg("missing host specification of NBD server in JSON backing volume definition")
    return NetworkLocation(protocol=StorageProtocol.NBD, name=_text(node, "export"), hosts=[host]), True


def _sheepdog(node: Json) -> tuple[Location, bool]:
    if address := _text(node, "filename"):
        if "://" not in address:
            raise InvalidArg("missing sheepdog URI in JSON backing volume definition")
        return address_of(address, StorageProtocol.SHEEPDOG)
    image = _text(node, "vdi")
    if image is None:
        raise InvalidArg("missing sheepdog vdi name")
    return NetworkLocation(protocol=StorageProtocol.SHEEPDOG, name=image, hosts=[_socket(node.get("server"))]), True


def _ssh(node: Json) -> tuple[Location, bool]:
    path, name, server, user = _text(node, "path"), _text(node, "host"), node.get("server"), _text(node, "user")
    if path is None or (name is None and not isinstance(server, dict)):
        raise InvalidArg("missing host/server or path of SSH JSON backing volume definition")
    host = _inet(server) if isinstance(server, dict) else StorageHost(name=name, port=port_number(_text(node, "port")))
    identity = StorageIdentity(username=user) if user else None
    checked = _text(node, "host_key_check") != "no"
    protocol = StorageProtocol.SSH
    return NetworkLocation(protocol=protocol, name=path, hosts=[host], identity=identity, host_key_check=checked), True


def _rbd(node: Json) -> tuple[Location, bool]:
    if name := _text(node, "filename"):
        return rbd_colons(name), True
    pool, image, servers = _text(node, "pool"), _text(node, "image"), node.get("server")
    if pool is None or image is None:
        raise InvalidArg("missing pool or image name in ceph backing volume JSON specification")
    return NetworkLocation(
        protocol=StorageProtocol.RBD,
        name=f"{pool}/{image}",
        snapshot=_text(node, "snapshot"),
        config=_text(node, "conf"),
        hosts=[_inet(server) for server in servers] if isinstance(servers, list) else [],
    ), True


def _vxhs(node: Json) -> tuple[Location, bool]:
    disk, server = _text(node, "vdisk-id"), node.get("server")
    if disk is None or not isinstance(server, dict):
        raise InvalidArg("missing 'vdisk-id' or 'server' attribute in JSON backing definition for VxHS volume")
    return NetworkLocation(protocol=StorageProtocol.VXHS, name=disk, hosts=[_inet(server)]), True


def _nfs(node: Json) -> tuple[Location, bool]:
    server, path = node.get("server"), _text(node, "path")
    user, group = node.get("user"), node.get("group")
    if not isinstance(server, dict):
        raise InvalidArg("missing 'server' attribute in JSON backing definition for NFS volume")
    if not isinstance(user, int) or not isinstance(group, int):
        raise InvalidArg("missing 'user' or 'group' attribute in JSON backing definition for NFS volume")
    if path is None:
        raise InvalidArg("missing 'path' attribute in JSON backing definition for NFS volume")
    identity = StorageIdentity(user=f"+{user}", group=f"+{group}")
    return NetworkLocation(protocol=StorageProtocol.NFS, name=path, hosts=[_inet(server)], identity=identity), True


def _nvme(node: Json) -> tuple[Location, bool]:
    found = _PCI.fullmatch(_text(node, "device") or "")
    if not found:
        raise InvalidArg("missing or malformed 'device' field of 'nvme' storage")
    domain, bus, slot, function = (int(digits, 16) for digits in found.groups())
    address = PciSlot(domain=domain, bus=bus, slot=slot, function=function)
    namespace = _whole_number(node.get("namespace"))
    if not namespace:
        raise InvalidArg("missing or malformed 'namespace' field of 'nvme' storage")
    return NvmeLocation(namespace=namespace, address=address), True


_READERS: dict[str, Callable[[Json], tuple[Location, bool]]] = {
    "file": _file,
    "host_device": _block,
    "host_cdrom": _block,
    "gluster": _gluster,
    "iscsi": _iscsi,
    "nbd": _nbd,
    "sheepdog": _sheepdog,
    "ssh": _ssh,
    "rbd": _rbd,
    "nfs": _nfs,
    "vxhs": _vxhs,
    "nvme": _nvme,
}
