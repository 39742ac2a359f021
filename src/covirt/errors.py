# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tree of errors: one class for each of libvirt's codes, grouped by what one can do about them.

Raise the class that says what happened: `raise NoSuchDomain(f"no domain with matching name '{name}'")`. Its message
gets libvirt's form, its domain is the driver's unless given. Catch a group to handle all of its kind.
"""

from __future__ import annotations

import os
from typing import Self

from covirt.error_base import Error as Error
from covirt.error_base import error_class as error_class
from covirt.error_base import received as received
from covirt.error_numbers import ErrorCode as ErrorCode
from covirt.error_numbers import ErrorDomain as ErrorDomain
from covirt.error_numbers import ErrorLevel as ErrorLevel


class NoError(Error, code=ErrorCode.OK, text="no error"):
    """Nothing went wrong; only a place for the number."""


class Refused(Error):
    """The request itself is at fault; the same request will fail again."""


class InvalidArg(Refused, code=ErrorCode.INVALID_ARG, text="invalid argument"):
    """An argument of the call has a value it cannot have."""

    @classmethod
    def of_function(cls, function: str, argument: str, message: str) -> Self:
        """The form for a check of an argument at the entry of a C function: the message has no prefix."""
        return cls.verbatim(message, str1=function, str2=argument, int1=0, int2=0)


class ArgumentUnsupported(Refused, code=ErrorCode.ARGUMENT_UNSUPPORTED, text="argument unsupported"):
    """An argument is valid, but this driver cannot act on it."""


class OperationInvalid(Refused, code=ErrorCode.OPERATION_INVALID, text="Requested operation is not valid"):
    """The object is not in a state in which this can be done."""


class OperationUnsupported(Refused, code=ErrorCode.OPERATION_UNSUPPORTED, text="Operation not supported"):
    """What is asked for cannot be done with this object."""


class NoSupport(Refused, code=ErrorCode.NO_SUPPORT, text="this function is not supported by the connection driver"):
    """The driver of this connection does not have this call."""


class ConfigUnsupported(Refused, code=ErrorCode.CONFIG_UNSUPPORTED, text="unsupported configuration"):
    """The configuration is understood, but cannot be had here."""


class Overflow(Refused, code=ErrorCode.OVERFLOW, text="numerical overflow"):
    """A number is too large for its place."""


class UnknownOsType(Refused, code=ErrorCode.OS_TYPE, text="unknown OS type", detailed="unknown OS type %s"):
    """This hypervisor does not run that type of operating system."""


class InvalidMac(Refused, code=ErrorCode.INVALID_MAC, text="invalid MAC address"):
    """The text is not the address of a network card."""


class ResourceBusy(Refused, code=ErrorCode.RESOURCE_BUSY, text="resource busy"):
    """Something else is using what this request needs."""


class BlockCopyActive(Refused, code=ErrorCode.BLOCK_COPY_ACTIVE, text="block copy still active"):
    """A running block copy stands in the way."""


class CpuIncompatible(Refused, code=ErrorCode.CPU_INCOMPATIBLE, text="the CPU is incompatible with host CPU"):
    """The guest asks for a CPU that this host cannot give."""


class SnapshotRevertRisky(Refused, code=ErrorCode.SNAPSHOT_REVERT_RISKY, text="revert requires force"):
    """Going back to this snapshot may lose something, so it must be forced."""


class CheckpointInconsistent(Refused, code=ErrorCode.CHECKPOINT_INCONSISTENT, text="checkpoint inconsistent"):
    """The disks no longer match what the checkpoint recorded."""


class NotFound(Error):
    """Nothing has the given name, id or uuid."""


class NoSuchDomain(NotFound, code=ErrorCode.NO_DOMAIN, text="Domain not found"):
    """No domain has the given name, id or uuid."""


class NoSuchNetwork(NotFound, code=ErrorCode.NO_NETWORK, text="Network not found"):
    """No network has the given name or uuid."""


class NoSuchNetworkPort(NotFound, code=ErrorCode.NO_NETWORK_PORT, text="network port not found"):
    """The network has no port with the given uuid."""


class NoSuchInterface(NotFound, code=ErrorCode.NO_INTERFACE, text="Interface not found"):
    """No host interface has the given name or address."""


class NoSuchStoragePool(NotFound, code=ErrorCode.NO_STORAGE_POOL, text="Storage pool not found"):
    """No storage pool has the given name, uuid or target."""


class NoSuchStorageVol(NotFound, code=ErrorCode.NO_STORAGE_VOL, text="Storage volume not found"):
    """No storage volume has the given name, key or path."""


class NoSuchNodeDevice(NotFound, code=ErrorCode.NO_NODE_DEVICE, text="Node device not found"):
    """No device of the host has the given name."""


class NoSuchNWFilter(NotFound, code=ErrorCode.NO_NWFILTER, text="Network filter not found"):
    """No network filter has the given name or uuid."""


class NoSuchNWFilterBinding(NotFound, code=ErrorCode.NO_NWFILTER_BINDING, text="Network filter binding not found"):
    """No network filter is bound to the given port."""


class NoSuchSecret(NotFound, code=ErrorCode.NO_SECRET, text="Secret not found"):
    """No secret has the given uuid or usage, or it has no value."""


class NoSuchDomainSnapshot(NotFound, code=ErrorCode.NO_DOMAIN_SNAPSHOT, text="Domain snapshot not found"):
    """The domain has no snapshot of the given name."""


class NoSuchDomainCheckpoint(NotFound, code=ErrorCode.NO_DOMAIN_CHECKPOINT, text="Domain checkpoint not found"):
    """The domain has no checkpoint of the given name."""


class NoSuchDomainBackup(NotFound, code=ErrorCode.NO_DOMAIN_BACKUP, text="Domain backup job id not found"):
    """The domain has no backup job at work."""


class NoSuchDomainMetadata(NotFound, code=ErrorCode.NO_DOMAIN_METADATA, text="metadata not found"):
    """The domain has no metadata of the given kind."""


class NoSuchNetworkMetadata(NotFound, code=ErrorCode.NO_NETWORK_METADATA, text="metadata not found"):
    """The network has no metadata of the given kind."""


class NoSuchSecurityModel(NotFound, code=ErrorCode.NO_SECURITY_MODEL, text="Security model not found"):
    """The host has no security model of the given name."""


class NoSuchServer(NotFound, code=ErrorCode.NO_SERVER, text="Server not found"):
    """The daemon has no server of the given name."""


class NoSuchClient(NotFound, code=ErrorCode.NO_CLIENT, text="Client not found"):
    """The server has no client with the given id."""


class DeviceMissing(NotFound, code=ErrorCode.DEVICE_MISSING, text="device not found"):
    """The guest has no such device."""


class NoHostname(NotFound, code=ErrorCode.NO_HOSTNAME, text="no hostname found"):
    """The host name of the guest is not known."""


class Ambiguous(Error):
    """Several objects match where one was expected."""


class MultipleDomains(Ambiguous, code=ErrorCode.MULTIPLE_DOMAINS, text="multiple matching domains found"):
    """Several domains match."""


class MultipleInterfaces(Ambiguous, code=ErrorCode.MULTIPLE_INTERFACES, text="multiple matching interfaces found"):
    """Several host interfaces match."""


class AlreadyExists(Error):
    """An object of that identity is there already."""


class DomainExists(
    AlreadyExists,
    code=ErrorCode.DOM_EXIST,
    text="this domain exists already",
    detailed="domain %s exists already",
):
    """A domain of that name or uuid exists."""


class NetworkExists(
    AlreadyExists,
    code=ErrorCode.NETWORK_EXIST,
    text="this network exists already",
    detailed="network %s exists already",
):
    """A network of that name or uuid exists."""


class NetworkPortExists(
    AlreadyExists,
    code=ErrorCode.NETWORK_PORT_EXIST,
    text="this network port exists already",
    detailed="network port %s exists already",
):
    """A port of that uuid exists in the network."""


class StorageVolExists(
    AlreadyExists,
    code=ErrorCode.STORAGE_VOL_EXIST,
    text="this storage volume exists already",
    detailed="storage volume %s exists already",
):
    """A volume of that name exists in the pool."""


class StoragePoolBuilt(AlreadyExists, code=ErrorCode.STORAGE_POOL_BUILT, text="Storage pool already built"):
    """The storage of the pool holds something that would be overwritten."""


class InvalidHandle(Error):
    """What should be a handle of an object is not one."""


class InvalidConn(
    InvalidHandle,
    code=ErrorCode.INVALID_CONN,
    text="invalid connection pointer in",
    detailed="invalid connection pointer in %s",
):
    """The connection is closed or was never one."""


class InvalidDomain(
    InvalidHandle,
    code=ErrorCode.INVALID_DOMAIN,
    text="invalid domain pointer in",
    detailed="invalid domain pointer in %s",
):
    """The handle is not one of a domain."""


class InvalidNetwork(
    InvalidHandle,
    code=ErrorCode.INVALID_NETWORK,
    text="invalid network pointer in",
    detailed="invalid network pointer in %s",
):
    """The handle is not one of a network."""


class InvalidNetworkPort(InvalidHandle, code=ErrorCode.INVALID_NETWORK_PORT, text="Invalid network port pointer"):
    """The handle is not one of a network port."""


class InvalidInterface(
    InvalidHandle,
    code=ErrorCode.INVALID_INTERFACE,
    text="invalid interface pointer in",
    detailed="invalid interface pointer in %s",
):
    """The handle is not one of a host interface."""


class InvalidStoragePool(
    InvalidHandle,
    code=ErrorCode.INVALID_STORAGE_POOL,
    text="invalid storage pool pointer in",
    detailed="invalid storage pool pointer in %s",
):
    """The handle is not one of a storage pool."""


class InvalidStorageVol(
    InvalidHandle,
    code=ErrorCode.INVALID_STORAGE_VOL,
    text="invalid storage volume pointer in",
    detailed="invalid storage volume pointer in %s",
):
    """The handle is not one of a storage volume."""


class InvalidNodeDevice(
    InvalidHandle,
    code=ErrorCode.INVALID_NODE_DEVICE,
    text="invalid node device pointer",
    detailed="invalid node device pointer in %s",
):
    """The handle is not one of a host device."""


class InvalidNWFilter(InvalidHandle, code=ErrorCode.INVALID_NWFILTER, text="Invalid network filter"):
    """The handle or definition is not one of a network filter."""


class InvalidNWFilterBinding(
    InvalidHandle,
    code=ErrorCode.INVALID_NWFILTER_BINDING,
    text="Invalid network filter binding",
):
    """The handle is not one of a network filter binding."""


class InvalidSecret(InvalidHandle, code=ErrorCode.INVALID_SECRET, text="Invalid secret"):
    """The handle or value is not one of a secret."""


class InvalidStream(
    InvalidHandle,
    code=ErrorCode.INVALID_STREAM,
    text="invalid stream pointer",
    detailed="invalid stream pointer in %s",
):
    """The stream is closed, or not in use by this call."""


class InvalidDomainSnapshot(InvalidHandle, code=ErrorCode.INVALID_DOMAIN_SNAPSHOT, text="Invalid domain snapshot"):
    """The handle or definition is not one of a snapshot."""


class InvalidDomainCheckpoint(
    InvalidHandle,
    code=ErrorCode.INVALID_DOMAIN_CHECKPOINT,
    text="Invalid domain checkpoint",
):
    """The handle or definition is not one of a checkpoint."""


class Denied(Error):
    """Whoever asks may not do this."""


class OperationDenied(
    Denied,
    code=ErrorCode.OPERATION_DENIED,
    text="operation forbidden for read only access",
    detailed="operation forbidden: %s",
):
    """A read-only connection cannot change anything."""


class AccessDenied(Denied, code=ErrorCode.ACCESS_DENIED, text="access denied"):
    """The access rules do not let this client do this."""


class AuthFailed(Denied, code=ErrorCode.AUTH_FAILED, text="authentication failed"):
    """The client could not show who it is."""


class AuthCancelled(Denied, code=ErrorCode.AUTH_CANCELLED, text="authentication cancelled"):
    """The person asked for a password gave none."""


class AuthUnavailable(Denied, code=ErrorCode.AUTH_UNAVAILABLE, text="authentication unavailable"):
    """No agent is there that could ask the person for a password."""


class BadDocument(Error):
    """An XML document cannot be taken as it is."""


class XmlError(
    BadDocument,
    code=ErrorCode.XML_ERROR,
    text="XML description is invalid or not well formed",
    detailed="XML error: %s",
):
    """The document is not what is expected here."""


class XmlDetail(BadDocument, code=ErrorCode.XML_DETAIL, text="parser error", detailed="%s", domain=ErrorDomain.XML):
    """The text is not well-formed XML."""


class XmlInvalidSchema(
    BadDocument,
    code=ErrorCode.XML_INVALID_SCHEMA,
    text="XML document failed to validate against schema",
):
    """The document has something the schema does not know."""


class NoKernel(BadDocument, code=ErrorCode.NO_KERNEL, text="missing kernel information"):
    """The document does not say which kernel to boot."""


class NoRoot(
    BadDocument,
    code=ErrorCode.NO_ROOT,
    text="missing root device information",
    detailed="missing root device information in %s",
):
    """The document does not name a root device."""


class NoSource(
    BadDocument,
    code=ErrorCode.NO_SOURCE,
    text="missing source information for device",
    detailed="missing source information for device %s",
):
    """A device in the document has no source."""


class NoTarget(
    BadDocument,
    code=ErrorCode.NO_TARGET,
    text="missing target information for device",
    detailed="missing target information for device %s",
):
    """A device in the document has no target."""


class NoName(
    BadDocument,
    code=ErrorCode.NO_NAME,
    text="missing name information",
    detailed="missing name information in %s",
):
    """The document does not give a name."""


class NoOs(
    BadDocument,
    code=ErrorCode.NO_OS,
    text="missing operating system information",
    detailed="missing operating system information for %s",
):
    """The document does not say what to boot."""


class NoDevice(
    BadDocument,
    code=ErrorCode.NO_DEVICE,
    text="missing devices information",
    detailed="missing devices information for %s",
):
    """The document lists no devices."""


class BadConfiguration(Error):
    """A configuration file of the daemon or client is at fault."""


class ConfSyntax(BadConfiguration, code=ErrorCode.CONF_SYNTAX, text="configuration file syntax error"):
    """A configuration file is not written as it should be."""


class OpenFailed(
    BadConfiguration,
    code=ErrorCode.OPEN_FAILED,
    text="failed to open configuration file",
    detailed="failed to open configuration file %s",
):
    """A configuration file cannot be opened."""


class ReadFailed(
    BadConfiguration,
    code=ErrorCode.READ_FAILED,
    text="failed to read configuration file",
    detailed="failed to read configuration file %s",
):
    """A configuration file cannot be read."""


class ParseFailed(
    BadConfiguration,
    code=ErrorCode.PARSE_FAILED,
    text="failed to parse configuration file",
    detailed="failed to parse configuration file %s",
):
    """A configuration file cannot be understood."""


class WriteFailed(BadConfiguration, code=ErrorCode.WRITE_FAILED, text="failed to write configuration file"):
    """A configuration file cannot be written."""


class HostFailure(Error):
    """The host, or a program on it, did not do its part."""


class InternalError(HostFailure, code=ErrorCode.INTERNAL_ERROR, text="internal error"):
    """Something that should always work did not."""


class OperationFailed(HostFailure, code=ErrorCode.OPERATION_FAILED, text="operation failed"):
    """The hypervisor tried and could not do it."""


class OutOfMemory(HostFailure, code=ErrorCode.NO_MEMORY, text="out of memory"):
    """There is not enough memory."""


class SystemCallFailed(HostFailure, code=ErrorCode.SYSTEM_ERROR, text="system call error", detailed="%s"):
    """The operating system refused a call; `int1` has its errno."""

    @classmethod
    def from_oserror(cls, error: OSError, detail: str | None = None) -> Self:
        """The error of a refused call, said as `DETAIL: what the operating system says`."""
        return cls.from_errno(error.errno or 0, detail)

    @classmethod
    def from_errno(cls, number: int, detail: str | None = None) -> Self:
        """The same from the errno alone."""
        reason = os.strerror(number)
        made = cls(reason if detail is None else f"{detail}: {reason}")
        made.int1 = number
        return made


class CallFailed(HostFailure, code=ErrorCode.CALL_FAILED, text="library call failed"):
    """A library failed."""


class OperationTimeout(HostFailure, code=ErrorCode.OPERATION_TIMEOUT, text="Timed out during operation"):
    """It took too long, or another job did not end in time."""


class OperationAborted(HostFailure, code=ErrorCode.OPERATION_ABORTED, text="operation aborted"):
    """Someone stopped it before it was done."""


class HookScriptFailed(HostFailure, code=ErrorCode.HOOK_SCRIPT_FAILED, text="Hook script execution failed"):
    """The hook script said no or did not run."""


class BuildFirewall(HostFailure, code=ErrorCode.BUILD_FIREWALL, text="Error while building firewall"):
    """The rules of the firewall could not be put in place."""


class StorageProbeFailed(HostFailure, code=ErrorCode.STORAGE_PROBE_FAILED, text="Storage pool probe failed"):
    """What a storage source holds could not be found out."""


class DbusService(HostFailure, code=ErrorCode.DBUS_SERVICE, text="error from service"):
    """A service on the message bus answered with an error."""


class AgentFailure(Error):
    """The agent inside the guest did not do its part."""


class AgentUnresponsive(AgentFailure, code=ErrorCode.AGENT_UNRESPONSIVE, text="Guest agent is not responding"):
    """The agent is not there or does not answer."""


class AgentUnsynced(
    AgentFailure,
    code=ErrorCode.AGENT_UNSYNCED,
    text="guest agent replied with wrong id to guest-sync command",
):
    """The agent answered something else than was asked."""


class AgentCommandTimeout(AgentFailure, code=ErrorCode.AGENT_COMMAND_TIMEOUT, text="guest agent command timed out"):
    """The agent did not finish a command in time."""


class AgentCommandFailed(AgentFailure, code=ErrorCode.AGENT_COMMAND_FAILED, text="guest agent command failed"):
    """The agent tried a command and failed."""


class MigrationFailure(Error):
    """A migration did not go the usual way."""


class MigrateUnsafe(MigrationFailure, code=ErrorCode.MIGRATE_UNSAFE, text="Unsafe migration"):
    """Migrating this guest may corrupt its disks, so it must be forced."""


class MigratePersistFailed(
    MigrationFailure,
    code=ErrorCode.MIGRATE_PERSIST_FAILED,
    text="Failed to make domain persistent after migration",
):
    """The guest runs on its new host, but is not defined there."""


class MigrateFinishOk(MigrationFailure, code=ErrorCode.MIGRATE_FINISH_OK, text="migration successfully aborted"):
    """The destination gave the guest up as it was told to."""


class ConnectionFailure(Error):
    """The other side of a connection cannot be reached or understood."""


class NoConnect(
    ConnectionFailure,
    code=ErrorCode.NO_CONNECT,
    text="no connection driver available",
    detailed="no connection driver available for %s",
):
    """No driver takes this URI."""


class UnknownHost(ConnectionFailure, code=ErrorCode.UNKNOWN_HOST, text="unknown host", detailed="unknown host %s"):
    """No host has this name."""


class RpcError(ConnectionFailure, code=ErrorCode.RPC, text="RPC error", detailed="%s", domain=ErrorDomain.RPC):
    """The two sides of a connection do not understand each other."""


class GnutlsError(ConnectionFailure, code=ErrorCode.GNUTLS_ERROR, text="GNUTLS call error", detailed="%s"):
    """The encrypted connection could not be made."""


class SshError(ConnectionFailure, code=ErrorCode.SSH, text="SSH transport error"):
    """The connection over ssh could not be made."""


class LibsshError(ConnectionFailure, code=ErrorCode.LIBSSH, text="libssh transport error"):
    """The connection over the built-in ssh could not be made."""


class HttpError(
    ConnectionFailure,
    code=ErrorCode.HTTP_ERROR,
    text="got unknown HTTP error code",
    detailed="got unknown HTTP error code %s",
):
    """A web service answered with an unknown status."""


class GetFailed(ConnectionFailure, code=ErrorCode.GET_FAILED, text="GET operation failed"):
    """Reading from a web service failed."""


class PostFailed(ConnectionFailure, code=ErrorCode.POST_FAILED, text="POST operation failed"):
    """Sending to a web service failed."""


class XenFailure(Error):
    """An old Xen interface did not do its part."""


class SexprSerial(XenFailure, code=ErrorCode.SEXPR_SERIAL, text="failed to serialize S-Expr"):
    """An S-expression could not be written."""


class NoXen(
    XenFailure,
    code=ErrorCode.NO_XEN,
    text="could not use Xen hypervisor entry",
    detailed="could not use Xen hypervisor entry %s",
):
    """The Xen hypervisor cannot be reached."""


class XenCall(XenFailure, code=ErrorCode.XEN_CALL, text="failed Xen syscall", detailed="failed Xen syscall %s"):
    """The Xen hypervisor refused a call."""


class NoXenstore(
    XenFailure,
    code=ErrorCode.NO_XENSTORE,
    text="could not connect to Xen Store",
    detailed="could not connect to Xen Store %s",
):
    """The Xen store cannot be reached."""


class DriverMissing(Error):
    """A part of the daemon that should serve this is not there."""


class DriverFull(
    DriverMissing,
    code=ErrorCode.DRIVER_FULL,
    text="too many drivers registered",
    detailed="too many drivers registered in %s",
):
    """There are too many drivers."""


class NoNetworkDriver(DriverMissing, code=ErrorCode.WAR_NO_NETWORK, text="Failed to find the network"):
    """The network driver did not start."""


class NoStorageDriver(DriverMissing, code=ErrorCode.WAR_NO_STORAGE, text="Failed to find a storage driver"):
    """The storage driver did not start."""


class NoNodeDriver(DriverMissing, code=ErrorCode.WAR_NO_NODE, text="Failed to find a node driver"):
    """The host device driver did not start."""


class NoInterfaceDriver(DriverMissing, code=ErrorCode.WAR_NO_INTERFACE, text="Failed to find the interface"):
    """The host interface driver did not start."""


class NoNWFilterDriver(DriverMissing, code=ErrorCode.WAR_NO_NWFILTER, text="Failed to start the nwfilter driver"):
    """The network filter driver did not start."""


class NoSecretDriver(DriverMissing, code=ErrorCode.WAR_NO_SECRET, text="Failed to find a secret storage driver"):
    """The secret driver did not start."""
