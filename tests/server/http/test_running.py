import asyncio
import logging
import socket
import sys
import threading
from collections.abc import Callable

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from server.http.running import CannotBind, CannotStart, LocalServer, PortTaken, bind

from .conftest import Running, echo, read_to_end, respond

Serve = Callable[..., Running]


def local_server(
    app: Callable[[], ASGIApp] = lambda: echo, **hooks: Callable[..., None]
) -> LocalServer:
    return LocalServer(app, lambda: HttpToolsProtocol, **hooks)


def port_of(url: str) -> int:
    return int(url.split(":")[2].split("/")[0])


def test_a_taken_port_is_named_with_the_next_free_one() -> None:
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken) as caught:
            bind("127.0.0.1", port)
    assert caught.value.port == port
    assert caught.value.next_free is not None
    assert caught.value.next_free > port
    assert f"Port {port} on 127.0.0.1 is used by another program" in str(caught.value)


@pytest.mark.parametrize(
    ("host", "port", "text"),
    [
        ("no-such-host.invalid", 0, "not a name or address"),
        ("203.0.113.1", 0, "not an address of this computer"),
        ("127.0.0.1", 70_000, "not a port"),
    ],
)
def test_an_impossible_address_is_explained(host: str, port: int, text: str) -> None:
    with pytest.raises(CannotBind, match=text):
        bind(host, port)


def test_the_socket_names_tcp_so_that_asyncio_switches_nagle_off() -> None:
    with bind("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_localhost_is_bound_as_ipv4() -> None:
    with bind("localhost", 0) as listener:
        assert listener.family == socket.AF_INET


def test_start_returns_the_base_url_and_serves() -> None:
    server = local_server()
    url = server.start("127.0.0.1", 0)
    assert url == f"http://127.0.0.1:{port_of(url)}/scim/v2"
    assert server.running
    assert server.url == url
    with socket.create_connection(("127.0.0.1", port_of(url)), timeout=5) as connection:
        connection.sendall(b"GET /x HTTP/1.1\r\nConnection: close\r\n\r\n")
        assert b"GET /x" in read_to_end(connection)
    assert server.stop()
    assert not server.running
    assert server.url is None


def test_all_addresses_are_named_as_loopback() -> None:
    server = local_server()
    assert server.start("0.0.0.0", 0).startswith("http://127.0.0.1:")
    server.stop()


def test_it_starts_again_on_the_same_port_after_a_stop() -> None:
    server = local_server()
    port = port_of(server.start("127.0.0.1", 0))
    for _ in range(2):
        assert server.stop()
        assert port_of(server.start("127.0.0.1", port)) == port
    assert server.stop()


def test_stopping_what_does_not_run_is_fine() -> None:
    assert local_server().stop()


def test_starting_twice_is_a_mistake_of_the_caller() -> None:
    server = local_server()
    server.start("127.0.0.1", 0)
    with pytest.raises(RuntimeError):
        server.start("127.0.0.1", 0)
    assert server.stop()


def test_a_taken_port_leaves_the_server_stopped_and_startable() -> None:
    server = local_server()
    with bind("127.0.0.1", 0) as taken, pytest.raises(PortTaken):
        server.start("127.0.0.1", taken.getsockname()[1])
    assert not server.running
    server.start("127.0.0.1", 0)
    assert server.stop()


def test_the_application_is_made_and_ended_in_the_servers_thread() -> None:
    threads: list[threading.Thread] = []

    def make() -> ASGIApp:
        threads.append(threading.current_thread())
        return echo

    server = local_server(make, on_thread_end=lambda: threads.append(threading.current_thread()))
    server.start("127.0.0.1", 0)
    server.stop()
    assert len(threads) == 2
    assert threads[0] is threads[1]
    assert threads[0] is not threading.current_thread()


def test_an_application_that_cannot_be_made_is_an_error_of_start(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ended = threading.Event()
    failures: list[str] = []

    def make() -> ASGIApp:
        raise OSError("the database is read-only")

    server = local_server(make, on_thread_end=ended.set, failed=failures.append)
    with pytest.raises(CannotStart, match="the database is read-only"):
        server.start("127.0.0.1", 0)
    assert ended.is_set()
    assert not server.running
    assert failures == []
    assert "The server's thread ended" in caplog.text


# A loop that is torn from its sockets names each of them.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_thread_that_dies_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    failed = threading.Event()
    texts: list[str] = []

    def report(text: str) -> None:
        texts.append(text)
        failed.set()

    async def deadly(scope: Scope, receive: Receive, send: Send) -> None:
        asyncio.get_running_loop().call_soon(sys.exit, 3)
        await respond(send, b"bye")

    server = local_server(lambda: deadly, failed=report)
    port = port_of(server.start("127.0.0.1", 0))
    with caplog.at_level(logging.CRITICAL), socket.create_connection(("127.0.0.1", port)) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert failed.wait(5)
    assert texts[0].startswith("The server ended")
    assert server.stop()
    assert not server.running


def test_a_stop_finishes_the_call_under_way(serve: Serve) -> None:
    entered = threading.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        entered.set()
        await asyncio.sleep(0.5)
        await respond(send, b"finished")

    running = serve(slow)
    with running.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert entered.wait(5)
        assert running.server.active_calls == 1
        assert running.server.stop()
        assert b"finished" in read_to_end(connection)
    assert running.sink.wait_for(1)[0].status == 200
    assert running.server.active_calls == 0


def test_a_call_that_never_ends_is_cut_after_the_grace(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    entered = threading.Event()

    async def stuck(scope: Scope, receive: Receive, send: Send) -> None:
        entered.set()
        await asyncio.sleep(60)

    running = serve(stuck)
    with caplog.at_level(logging.CRITICAL), running.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert entered.wait(5)
        assert running.server.stop()
        assert b'"status":"503"' in read_to_end(connection)
    assert running.sink.wait_for(1)[0].status == 503


def test_an_idle_connection_does_not_hold_up_a_stop(serve: Serve) -> None:
    running = serve()
    with running.connect() as idle, running.connect() as fresh:
        idle.sendall(b"GET / HTTP/1.1\r\n\r\n")
        idle.recv(4096)
        assert running.server.stop(1.5)
        assert fresh.recv(1) == b""
