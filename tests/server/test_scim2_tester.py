"""Somebody else's checker: scim2-tester against the running server."""

import httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

from tests.desk import Desk


def test_scim2_tester_finds_no_error(desk: Desk) -> None:
    http = httpx2.Client(
        base_url=desk.url, headers={"Authorization": f"Bearer {desk.token}"}, trust_env=False
    )
    with http:
        scim = SyncSCIMClient(http)
        scim.discover()
        results = check_server(scim)
    wrong = [
        f"{result.title}: {result.reason}"
        for result in results
        if result.status in (Status.DEVIATION, Status.ERROR, Status.CRITICAL)
    ]
    assert len(results) > 20
    assert wrong == []
