# SPDX-License-Identifier: LGPL-2.1-or-later
"""The storage node of an image: how QEMU reaches its bytes, by file, device, server or directory."""

from __future__ import annotations

from dataclasses import replace
from socket import AF_INET6

from covirt.addresses import numeric_family
from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices.image import Image
from covirt.errors import InternalError
from covirt.json_text import write_json
from covirt.model.common.encryption import EncryptionEngine
from covirt.model.common.storage_network import (
    TRANSFER,
    NetworkLocation,
    StorageHost,
    StorageProtocol,
    Transport,
)
from covirt.model.common.storage_source import (
    BlockLocation,
    DirLocation,
    FileLocation,
    NvmeLocation,
    StorageFormat,
    VhostUserLocation,
    VhostVdpaLocation,
    VolumeLocation,
)

PR_MANAGER = "pr-helper0"
"""The manager of persistent reservations that is ours."""


def storage_props(build: Build, image: Image, *, top: bool) -> Props:
    """All of the storage node."""
    return target_props(build, image) | image.common(image.storage_node, top=top)


def target_props(build: Build, image: Image) -> Props:
    """What the node reaches, without what nodes have in common."""
    location = image.source.actual
    match location:
        case FileLocation():
            return {"driver": "file"} | _file(build, image, location.path)
        case BlockLocation():
            cdrom = location.path in build.prepared.host_cdroms
            return {"driver": "host_cdrom" if cdrom else "host_device"} | _file(build, image, location.path)
        case DirLocation():
            made: Props = {"driver": "vvfat", "dir": location.path, "floppy": image.floppy}
            return made if image.bare else made | {"rw": not image.readonly}
        case NvmeLocation():
            return {"driver": "nvme", "device": str(location.address), "namespace": location.namespace}
        case VhostVdpaLocation():
            passed = build.prepared.sets.get(image.storage_node)
            return {"driver": "virtio-blk-vhost-vdpa", "path": passed.path if passed else location.device}
        case NetworkLocation():
            return _network(build, image, location)
        case VolumeLocation():
            raise InternalError(f"storage source pool '{location.pool}' volume '{location.volume}' is not translated")
        case VhostUserLocation():
            raise InternalError("unable to create blockdev props for vhostuser disk type")


def _file(build: Build, image: Image, path: str | None) -> Props:
    if image.bare:
        return {"filename": path}
    passed = build.prepared.sets.get(image.storage_node)
    return props(
        filename=passed.path if passed else path,
        aio=image.io,
        pr_manager=reservations_manager(image),
    )


def reservations_manager(image: Image) -> str | None:
    """The name of the manager of its reservations."""
    reservations = image.source.reservations
    if reservations is None:
        return None
    return PR_MANAGER if reservations.managed else f"{PR_MANAGER[:-1]}-{image.storage_node}"


# Servers


def _network(build: Build, image: Image, location: NetworkLocation) -> Props:
    if served := build.prepared.sockets.get(image.storage_node):
        return {"driver": "nbd", "server": {"type": "unix", "path": served}}
    match location.protocol:
        case StorageProtocol.GLUSTER:
            return _gluster(build, image, location)
        case StorageProtocol.VXHS:
            return _vxhs(image, location)
        case StorageProtocol.ISCSI:
            return _iscsi(image, location)
        case StorageProtocol.NBD:
            return _nbd(image, location)
        case StorageProtocol.RBD:
            return _rbd(image, location)
        case StorageProtocol.SSH:
            return _ssh(image, location)
        case StorageProtocol.NFS:
            return _nfs(location)
        case StorageProtocol.SHEEPDOG | StorageProtocol.NONE:
            raise InternalError("unsupported disk protocol")
    return _web(image, location)


def _only_host(location: NetworkLocation, name: str) -> StorageHost:
    if len(location.hosts) != 1:
        raise InternalError(f"{name} protocol accepts only one host")
    return location.hosts[0]


def _socket(host: StorageHost) -> Props:
    if host.transport is Transport.TCP:
        return {"type": "inet", "host": host.name, "port": str(host.port)}
    if host.transport is Transport.UNIX:
        return {"type": "unix", "path": host.socket}
    raise InternalError(f"transport protocol '{host.transport}' is not yet supported")


def _inet(host: StorageHost) -> Props:
    if host.transport is not Transport.TCP:
        raise InternalError("only TCP protocol can be converted to InetSocketAddress")
    return {"host": host.name, "port": str(host.port)}


def auth_secret(image: Image) -> str | None:
    """The name of the secret that proves who we are."""
    if image.source.auth is None or image.bare:
        return None
    if image.names and image.names.auth:
        return image.names.auth
    return f"{image.storage_node}-secret0" if image.name.endswith("-backend") else f"{image.storage_node}-auth-secret0"


def cookie_secret(image: Image) -> str | None:
    """The name of the secret with the cookies."""
    location = image.source.actual
    if not isinstance(location, NetworkLocation) or not location.cookies or image.bare:
        return None
    if image.names and image.names.cookie:
        return image.names.cookie
    return f"{image.storage_node}-httpcookie-secret0"


def tls_alias(image: Image) -> str | None:
    """The name of its TLS credentials."""
    location = image.source.actual
    if not isinstance(location, NetworkLocation) or not location.tls or image.bare:
        return None
    return (image.names.tls if image.names else None) or f"obj{image.storage_node}_tls0"


def _user(image: Image) -> str | None:
    return image.source.auth.username if image.source.auth and not image.bare else None


def _gluster(build: Build, image: Image, location: NetworkLocation) -> Props:
    return props(
        driver="gluster",
        volume=location.volume,
        path=location.path,
        server=[_socket(host) for host in location.hosts],
        debug=None if image.bare else build.settings.gluster_debug_level,
    )


def _vxhs(image: Image, location: NetworkLocation) -> Props:
    server = _inet(_only_host(location, "VxHS"))
    return props(driver="vxhs", tls_creds=tls_alias(image), vdisk_id=location.name, server=server)


def _iscsi(image: Image, location: NetworkLocation) -> Props:
    host = _only_host(location, "iSCSI")
    target, slash, unit = (location.name or "").partition("/")
    if slash and not unit.isdigit():
        raise InternalError(f"cannot parse target for lunStr '{target}'")
    name = f"[{host.name}]" if numeric_family(host.name or "") == AF_INET6 else host.name
    return props(
        driver="iscsi",
        portal=f"{name}:{host.port}",
        target=target,
        lun=int(unit or 0),
        transport="tcp",
        user=_user(image),
        password_secret=auth_secret(image),
        initiator_name=location.initiator,
    )


def _nbd(image: Image, location: NetworkLocation) -> Props:
    server = _socket(_only_host(location, "nbd"))
    return props(
        driver="nbd",
        server=server,
        export=location.name,
        tls_creds=tls_alias(image),
        tls_hostname=None if image.bare else location.tls_hostname,
        reconnect_delay=location.reconnect_delay or None,
    )


def _rbd(image: Image, location: NetworkLocation) -> Props:
    secret = auth_secret(image)
    encrypt: Props | None = None
    encryption = image.source.encryption
    if encryption and encryption.engine is EncryptionEngine.LIBRBD:
        # The innermost layer is the last secret's.
        for alias in reversed(image.encryption_secrets):
            encrypt = props(format=encryption.format, key_secret=alias, parent=encrypt)
    return props(
        driver="rbd",
        pool=location.volume,
        image=location.path,
        snapshot=location.snapshot,
        conf=location.config,
        server=[_inet(host) for host in location.hosts] or None,
        encrypt=encrypt,
        user=_user(image),
        auth_client_required=["cephx", "none"] if secret else None,
        key_secret=secret,
    )


def _ssh(image: Image, location: NetworkLocation) -> Props:
    server = _inet(_only_host(location, "ssh"))
    auth, identity = image.source.auth, location.identity
    user = auth.username if auth else identity.username if identity else None
    checked = None if location.host_key_check else {"mode": "none"}
    return props(driver="ssh", path=location.name, server=server, user=user, host_key_check=checked)


def _nfs(location: NetworkLocation) -> Props:
    identity = location.identity
    return props(
        driver="nfs",
        server={"host": location.hosts[0].name, "type": "inet"},
        path=location.name,
        user=_number(identity.user if identity else None),
        group=_number(identity.group if identity else None),
    )


def _number(name: str | None) -> int | None:
    """A user or group that was looked up: a number, perhaps after a plus sign."""
    return None if name is None else int(name.removeprefix("+"))


def _web(image: Image, location: NetworkLocation) -> Props:
    return props(
        driver=location.protocol,
        url=web_address(location),
        username=_user(image),
        password_secret=auth_secret(image),
        sslverify=location.ssl_verify,
        cookie=cookie_text(location) if image.bare else None,
        cookie_secret=cookie_secret(image),
        timeout=location.timeout or None,
        readahead=location.readahead or None,
    )


def cookie_text(location: NetworkLocation) -> str | None:
    """The cookies as they are sent."""
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in location.cookies) or None


def web_address(location: NetworkLocation) -> str:
    """The URL of a file on a web or file transfer server."""
    host = _only_host(location, f"protocol '{location.protocol}'")
    scheme = location.protocol if host.transport is Transport.TCP else f"{location.protocol}+{host.transport}"
    port = f":{host.port}" if host.port else ""
    path = location.name or ""
    path = path if path.startswith("/") or not path else f"/{path}"
    query = f"?{location.query}" if location.query else ""
    name = f"[{host.name}]" if ":" in (host.name or "") else host.name
    return f"{scheme}://{name}{port}{path}{query}"


# What a place is called in image files

_ADDRESSABLE = TRANSFER | {StorageProtocol.TFTP, StorageProtocol.NBD, StorageProtocol.ISCSI, StorageProtocol.GLUSTER}


def place_props(build: Build, image: Image) -> Props:
    """The place alone: anybody who may use it finds it by that."""
    return target_props(build, replace(image, bare=True))


def backing_name(build: Build, image: Image, *, pretty: bool = False) -> str:
    """How an image above names this one: by path, address, or else by the JSON of its node."""
    location, part = image.source.actual, image.source.slice
    if part is None and image.source.local:
        fat = isinstance(location, DirLocation) and image.format is StorageFormat.FAT
        return f"fat:{location.path}" if fat else location.path or ""
    if part is None and isinstance(location, NetworkLocation) and _has_address(location):
        return web_address(location)
    made = place_props(build, image)
    if part is not None:
        made = {"driver": "raw", "offset": part.offset, "size": part.size, "file": made}
    return f'json:{{"file":{write_json(made, pretty=pretty)}}}'


def _has_address(location: NetworkLocation) -> bool:
    numbers = location.timeout or location.readahead or location.reconnect_delay
    special = numbers or location.cookies or location.ssl_verify is not None
    alone = len(location.hosts) == 1 and location.hosts[0].transport is Transport.TCP
    return alone and location.protocol in _ADDRESSABLE and not special
