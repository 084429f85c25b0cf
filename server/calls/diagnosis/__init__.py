"""Says what is wrong with a call, or worth knowing of it, and where it is cured."""

from collections.abc import Sequence

from server.calls.call import Call
from server.calls.diagnosis.accepted import ACCEPTED_RULES
from server.calls.diagnosis.authorization import AUTHORIZATION_RULES
from server.calls.diagnosis.refusals import REFUSAL_RULES, holder_of, refused_otherwise
from server.calls.diagnosis.rule import Finding, Rule, Severity
from server.calls.diagnosis.scene import NEIGHBOUR_LIMIT, Scene
from server.calls.diagnosis.sequences import SEQUENCE_RULES
from server.calls.diagnosis.transport import TRANSPORT_RULES

RULES: tuple[Rule, ...] = (
    *AUTHORIZATION_RULES,
    *REFUSAL_RULES,
    *TRANSPORT_RULES,
    *SEQUENCE_RULES,
    *ACCEPTED_RULES,
    refused_otherwise,
)
"""All rules; the window shows them as help."""


def diagnose(call: Call, neighbours: Sequence[Call] = ()) -> list[Finding]:
    """Return what there is to say of a call, the worst first; any bytes may be in it.

    ``neighbours`` are other calls, in any order: best those about the same user or group, however
    long ago (a leaver comes back after months), and those of the same token some minutes around.
    The nearest ``NEIGHBOUR_LIMIT`` are looked at. Every call that failed has a finding.
    """
    scene = Scene(call, neighbours)
    findings = [finding for rule in RULES[:-1] if (finding := _applied(rule, scene))]
    if not any(finding.severity is Severity.ERROR for finding in findings):
        fallback = _applied(refused_otherwise, scene)
        findings += [fallback] if fallback else []
    order = list(Severity)
    return sorted(findings, key=lambda finding: order.index(finding.severity))


def _applied(rule: Rule, scene: Scene) -> Finding | None:
    found = rule.check(scene)
    return Finding(rule.id, *found, rule.severity) if found else None


__all__ = [
    "NEIGHBOUR_LIMIT",
    "RULES",
    "Finding",
    "Rule",
    "Severity",
    "diagnose",
    "holder_of",
]
