# SPDX-License-Identifier: LGPL-2.1-or-later
"""Labels that confine a guest, and secrets that protect it from its host."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from covirt.api import limits
from covirt.api.call import Calls, Job
from covirt.api.enums import NoFlags
from covirt.api.handles import Domain
from covirt.api.layout import Chars, Counted, Max, StringsToo
from covirt.api.params import ParamName, ParamType, TypedParams
from covirt.api.themes import DOMAIN

call = Calls(DOMAIN)


class DomainLaunchSecurityParam(ParamName, prefix="VIR_DOMAIN_LAUNCH_SECURITY_"):
    """What is known of, and told to, an encrypted guest."""

    SEV_API_MAJOR = "sev-api-major", ParamType.UINT
    SEV_API_MINOR = "sev-api-minor", ParamType.UINT
    SEV_BUILD_ID = "sev-build-id", ParamType.UINT
    SEV_MEASUREMENT = "sev-measurement", ParamType.STRING
    SEV_POLICY = "sev-policy", ParamType.UINT
    SEV_SECRET = "sev-secret", ParamType.STRING
    SEV_SECRET_HEADER = "sev-secret-header", ParamType.STRING
    SEV_SECRET_SET_ADDRESS = "sev-secret-set-address", ParamType.ULLONG
    SEV_SNP_POLICY = "sev-snp-policy", ParamType.ULLONG


class SecurityLabel(NamedTuple):
    """A label, and whether it is enforced."""

    label: Annotated[str, Chars(limits.SECURITY_LABEL)]
    enforcing: bool


@call(121, "virDomainGetSecurityLabel", acl="domain:read", high=True, since="0.6.1")
def security_label(dom: Domain) -> SecurityLabel:
    """Get the label of the guest's process."""


@call(278, "virDomainGetSecurityLabelList", acl="domain:read", high=True, since="0.10.0")
def security_label_list(dom: Domain) -> Annotated[list[SecurityLabel], Counted(limits.SECURITY_LABEL_LIST)]:
    """Get the labels of the guest's process under all models."""


@call(396, "virDomainGetLaunchSecurityInfo", acl="domain:read", since="4.5.0")
def launch_security_info(
    dom: Domain, flags: Annotated[NoFlags, StringsToo()]
) -> Annotated[TypedParams, Max(limits.DOMAIN_LAUNCH_SECURITY_INFO_PARAMS)]:
    """Get the measurement and policy of an encrypted guest."""


@call(439, "virDomainSetLaunchSecurityState", acl="domain:write", job=Job.MODIFY, since="8.0.0")
def set_launch_security_state(
    dom: Domain, params: Annotated[TypedParams, Max(limits.DOMAIN_LAUNCH_SECURITY_STATE_PARAMS)], flags: NoFlags
) -> None:
    """Put a secret into an encrypted guest before it runs."""
