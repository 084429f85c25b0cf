import asyncio
import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.types import Receive, Scope, Send

from .conftest import Running, read_to_end, respond

Serve = Callable[..., Running]


def answers(received: bytes) -> list[tuple[int, dict[str, str], bytes]]:
    """Split what came back into status, headers and body of each answer."""
    found = []
    while received:
        head, _, rest = received.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        status = int(first.split()[1])
        length = int(headers.get("content-length", 0))
        if status != 100:
            found.append((status, headers, rest[:length]))
        received = rest[length:]
    return found


def scim_error(received: bytes) -> tuple[int, str]:
    """Check that the last answer is a SCIM error that closes, and return its status and detail."""
    status, headers, body = answers(received)[-1]
    error = json.loads(body)
    assert headers["content-type"] == "application/scim+json"
    assert headers["connection"] == "close"
    assert error["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert error["status"] == str(status)
    return status, error["detail"]


def test_raw_headers_keep_their_case_and_order(serve: Serve) -> None:
    running = serve()
    running.exchange(
        b"GET /x HTTP/1.1\r\nhost: h\r\nX-ReQuest: 1\r\nACCEPT: a\r\nConnection: close\r\n\r\n"
    )
    [call] = running.sink.wait_for(1)
    assert call.request_headers == (
        ("host", "h"),
        ("X-ReQuest", "1"),
        ("ACCEPT", "a"),
        ("Connection", "close"),
    )


def test_the_log_has_every_header_that_was_sent(serve: Serve) -> None:
    running = serve()
    received = running.exchange(b"GET /x HTTP/1.0\r\n\r\n")
    [call] = running.sink.wait_for(1)
    lines = received.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    assert [f"{name}: {value}" for name, value in call.response_headers] == lines
    assert call.response_body == b"GET /x "


@pytest.mark.parametrize(
    ("request_bytes", "status", "path"),
    [
        (b"NONSENSE\r\n\r\n", 400, ""),
        (b"\x00\x01\x02", 400, ""),
        (b"GET /p HTTP/1.1\r\nbroken header\r\n\r\n", 400, "/p"),
        (b"GET /p HTTP/9.9\r\n\r\n", 400, "/p"),
        (b"GET p HTTP/1.1\r\n\r\n", 400, ""),
        (b"CONNECT a:1 HTTP/1.1\r\n\r\n", 400, "a:1"),
        (b"GET /\xff HTTP/1.1\r\n\r\n", 400, ""),
        (b"POST /p HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400, "/p"),
        (b"POST /p HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "/p"),
        (b"POST /p HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400, "/p"),
        (b"GET /p HTTP/1.1\r\nA: " + b"x" * 66_000 + b"\r\n\r\n", 431, "/p"),
        (b"GET /p HTTP/1.1\r\n" + b"A: b\r\n" * 40_000, 431, "/p"),
    ],
)
def test_what_is_not_http_is_refused_by_a_scim_error_and_recorded(
    serve: Serve, request_bytes: bytes, status: int, path: str
) -> None:
    running = serve()
    refused, _ = scim_error(running.exchange(request_bytes))
    [call] = running.sink.wait_for(1)
    assert (refused, call.status, call.path) == (status, status, path)
    assert call.peer == "127.0.0.1"


def test_an_error_text_never_quotes_the_url(serve: Serve) -> None:
    running = serve()
    received = running.exchange(b"GET blinkscim_abc HTTP/1.1\r\n\r\nGET /?a^ HTTP/1.1\r\n\r\n")
    assert b"blinkscim_abc" not in received
    [call, *_] = running.sink.wait_for(1)
    assert "blinkscim_abc" not in repr(call)


def test_tls_at_the_plain_port_is_recorded_with_a_remark(serve: Serve) -> None:
    running = serve()
    context = ssl.create_default_context()
    with running.connect() as connection, pytest.raises(ssl.SSLError):
        context.wrap_socket(connection, server_hostname="localhost")
    [call] = running.sink.wait_for(1)
    assert call.status == 400
    assert [remark.code for remark in call.remarks] == ["tls-on-http-port"]


@pytest.mark.parametrize(
    "pieces",
    [
        [b"G", b"ET / HT", b"TP/1.1\r\nHost"],
        [b"\r\n", b"\r\n"],
        [b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n", b"a", b"b"],
        [b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"2\r\nab\r\n"],
    ],
)
def test_a_request_that_dribbles_in_is_cut(serve: Serve, pieces: list[bytes]) -> None:
    running = serve(request_timeout=0.3)
    began = time.monotonic()
    with running.connect() as connection:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(0.05)
        status, detail = scim_error(read_to_end(connection))
    assert status == 408
    assert "0.3 seconds" in detail
    assert 0.25 < time.monotonic() - began < 2
    [call] = running.sink.wait_for(1)
    assert call.status == 408
    assert call.duration >= 250_000


def test_the_time_counts_from_the_first_byte_of_each_request(serve: Serve) -> None:
    running = serve(request_timeout=0.4)
    with running.connect() as connection:
        for _ in range(3):
            connection.sendall(b"POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\na")
            time.sleep(0.25)
            connection.sendall(b"b")
            assert b"POST /a ab" in connection.recv(4096)
    assert [call.status for call in running.sink.wait_for(3)] == [200, 200, 200]


def test_an_idle_connection_is_not_a_slow_request(serve: Serve) -> None:
    running = serve(request_timeout=0.2)
    with running.connect() as connection:
        connection.sendall(b"GET /a HTTP/1.1\r\n\r\n")
        connection.recv(4096)
        time.sleep(0.5)
        connection.sendall(b"GET /b HTTP/1.1\r\n\r\n")
        assert b"GET /b" in connection.recv(4096)
    assert [call.path for call in running.sink.wait_for(2)] == ["/a", "/b"]


def test_a_slow_answer_is_not_a_slow_request(serve: Serve) -> None:
    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.5)
        await respond(send, b"done")

    running = serve(slow, request_timeout=0.2)
    assert b"done" in running.exchange(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")


def test_pipelined_requests_are_answered_in_order(serve: Serve) -> None:
    running = serve()
    requests = [b"GET /%d HTTP/1.1\r\n\r\n" % n for n in range(9)]
    last = b"POST /9 HTTP/1.1\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
    received = answers(running.exchange(b"".join([*requests, last])))
    assert [body for _, _, body in received] == [
        *(b"GET /%d " % n for n in range(9)),
        b"POST /9 ok",
    ]
    assert len(running.sink.wait_for(10)) == 10


def test_garbage_behind_pipelined_requests_is_answered_last(serve: Serve) -> None:
    running = serve()
    received = running.exchange(b"GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\nGARBAGE\r\n\r\n")
    assert [status for status, _, _ in answers(received)] == [200, 200, 400]
    assert [call.status for call in running.sink.wait_for(3)] == [200, 200, 400]


def test_a_broken_body_behind_a_pipelined_request_is_answered_last(serve: Serve) -> None:
    running = serve()
    received = running.exchange(
        b"GET /1 HTTP/1.1\r\n\r\nPOST /2 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
    )
    assert [status for status, _, _ in answers(received)] == [200, 400]
    assert [(call.path, call.status) for call in running.sink.wait_for(2)] == [
        ("/1", 200),
        ("/2", 400),
    ]


@pytest.mark.parametrize("upgrade", [b"h2c", b"websocket"])
def test_an_offered_upgrade_is_ignored(serve: Serve, upgrade: bytes) -> None:
    running = serve()
    received = running.exchange(
        b"POST /a HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: " + upgrade + b"\r\n"
        b"Content-Length: 2\r\n\r\nok"
        b"GET /b HTTP/1.1\r\nConnection: close\r\n\r\n"
    )
    assert [body for _, _, body in answers(received)] == [b"POST /a ok", b"GET /b "]


def test_expect_100_continue_is_answered(serve: Serve) -> None:
    running = serve()
    with running.connect() as connection:
        connection.sendall(
            b"POST /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n"
            b"Connection: close\r\n\r\n"
        )
        assert connection.recv(4096).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"ok")
        assert b"POST /a ok" in read_to_end(connection)


def test_http_1_0_is_answered_and_closed(serve: Serve) -> None:
    received = serve().exchange(b"GET /old HTTP/1.0\r\n\r\n")
    assert answers(received)[0][2] == b"GET /old "


def test_a_body_over_the_limit_is_refused_and_the_reason_arrives(serve: Serve) -> None:
    running = serve()
    size = 3 * 1024 * 1024
    status, _ = scim_error(
        running.exchange(b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % size, b"x" * size)
    )
    assert status == 413
    [call] = running.sink.wait_for(1)
    assert call.status == 413
    assert len(call.request_body) <= 1024 * 1024


def test_a_chunked_body_over_the_limit_is_refused_and_the_reason_arrives(serve: Serve) -> None:
    running = serve()
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    head = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    status, _ = scim_error(running.exchange(head, *[chunk] * 30, b"0\r\n\r\n"))
    assert status == 413
    [call] = running.sink.wait_for(1)
    assert 0 < len(call.request_body) <= 1024 * 1024


def test_a_client_that_leaves_in_its_body_is_recorded_without_a_status(serve: Serve) -> None:
    running = serve()
    with running.connect() as connection:
        connection.sendall(b"POST /a HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc")
    [call] = running.sink.wait_for(1)
    assert (call.path, call.status, call.request_body) == ("/a", 0, b"abc")


def test_a_client_that_leaves_in_its_head_is_recorded_without_a_status(serve: Serve) -> None:
    running = serve()
    with running.connect() as connection:
        connection.sendall(b"GET /a HTTP/1.1\r\nHost: x\r\nAcc")
    [call] = running.sink.wait_for(1)
    assert (call.method, call.path, call.status) == ("GET", "/a", 0)


def test_a_client_that_leaves_before_the_answer_is_recorded_without_a_status(serve: Serve) -> None:
    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.3)
        await respond(send, b"too late")

    running = serve(slow)
    with running.connect() as connection:
        connection.sendall(b"GET /a HTTP/1.1\r\n\r\n")
        time.sleep(0.1)
    [call] = running.sink.wait_for(1)
    assert call.status == 0


def test_an_empty_connection_leaves_no_call(serve: Serve) -> None:
    running = serve()
    running.connect().close()
    running.exchange(b"GET /a HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert [call.path for call in running.sink.wait_for(1)] == ["/a"]


def test_the_body_of_a_refused_request_is_recorded_although_nobody_read_it(serve: Serve) -> None:
    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await respond(send, b"no", 401)

    running = serve(refuse)
    running.exchange(b"POST /a HTTP/1.1\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc")
    [call] = running.sink.wait_for(1)
    assert (call.status, call.request_body) == (401, b"abc")


def test_a_body_that_stops_after_its_answer_closes_without_a_second_answer(serve: Serve) -> None:
    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await respond(send, b"no", 401)

    running = serve(refuse, request_timeout=0.2)
    received = running.exchange(b"POST /a HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc")
    assert [status for status, _, _ in answers(received)] == [401]
    assert len(running.sink.wait_for(1)) == 1


def test_a_hundred_parallel_connections_are_served(serve: Serve) -> None:
    running = serve()
    together = threading.Barrier(100, timeout=10)

    def visit(number: int) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=10)
        connection.connect()
        together.wait()
        connection.request("POST", f"/{number}", b"x")
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body

    with ThreadPoolExecutor(100) as pool:
        results = list(pool.map(visit, range(100)))
    assert results == [(200, f"POST /{n} x".encode()) for n in range(100)]
    assert len(running.sink.wait_for(100)) == 100


def test_a_connection_is_not_delayed_by_nagle(serve: Serve) -> None:
    running = serve()
    with running.connect() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        began = time.perf_counter()
        for _ in range(20):
            connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
            connection.recv(4096)
    assert time.perf_counter() - began < 0.5
