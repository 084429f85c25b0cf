"""``POST /Bulk`` (RFC 7644 3.7): many operations in one request, each as if it came alone."""

import asyncio
from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import unquote

import orjson

from server.blink.directory import Directory, DirectoryUnavailable
from server.http.commits import SharedCommit
from server.http.messages import Answer, Handler, Request
from server.http.recording import CallNotes
from server.http.routes import RouteTable, check_switch, segments_of
from server.scim.bulk import (
    BULK_RESPONSE_SCHEMA,
    BulkOperation,
    Unit,
    in_order,
    parse_bulk,
    resolved,
    resolved_path,
    split,
)
from server.scim.errors import ScimError, shortened
from server.scim.preconditions import ANY_VERSION, Preconditions
from server.scim.values import MAX_REMARKS

PORTION = 0.02
"""Seconds after which a long request lets the others have their turn."""


class BulkEndpoint:
    """Performs the operations of bulk requests by the handlers of the single ones.

    What a portion of about 20 ms changed is put on disk before the next one begins, together with
    what other requests changed. ``clock`` returns seconds.
    """

    def __init__(
        self,
        routes: RouteTable[Handler],
        directory: Directory,
        commit: SharedCommit,
        clock: Callable[[], float],
    ) -> None:
        self._routes = routes
        self._directory = directory
        self._commit = commit
        self._clock = clock

    async def perform(self, request: Request) -> Answer:
        """Answer a bulk request with what became of each operation, in the order of sending."""
        bulk = parse_bulk(request.json())
        run = _Run(self._routes, self._directory, request)
        unavailable: DirectoryUnavailable | None = None
        try:
            turn_ends = self._clock() + PORTION
            for unit in in_order(bulk.operations):
                if bulk.fail_on_errors is not None and run.errors >= bulk.fail_on_errors:
                    break
                run.perform(unit)
                if self._clock() >= turn_ends:
                    await self._put_on_disk(run)
                    turn_ends = self._clock() + PORTION
        except DirectoryUnavailable as error:
            unavailable = error
        try:
            await self._put_on_disk(run)
        except DirectoryUnavailable as error:
            unavailable = error
        if unavailable is not None:
            if not run.results:
                raise unavailable
            run.give_up(bulk.operations, str(unavailable))
        results = [run.results[index] for index in sorted(run.results)]
        return Answer(200, orjson.dumps({"schemas": [BULK_RESPONSE_SCHEMA], "Operations": results}))

    async def _put_on_disk(self, run: "_Run") -> None:
        try:
            if self._directory.uncommitted:
                await self._commit.done()
            else:
                await asyncio.sleep(0)
        except DirectoryUnavailable:
            run.take_back()
            raise
        run.pending.clear()


class _Run:
    """A bulk request under way.

    Attributes:
        results: What became of the operations, by their index.
        pending: The indexes of those that are not on disk yet.
        errors: How many were refused.
    """

    def __init__(self, routes: RouteTable[Handler], directory: Directory, request: Request) -> None:
        self._routes = routes
        self._directory = directory
        self._request = request
        self._ids: dict[str, str] = {}
        self._refused: set[str] = set()
        self.results: dict[int, dict[str, Any]] = {}
        self.pending: list[int] = []
        self.errors = 0

    def perform(self, unit: Unit) -> None:
        """Perform operations and note what became of them."""
        first = unit[0]
        if len(unit) > 1 or (first.creates and first.creates in first.references):
            self._perform_circle(unit)
            return
        try:
            self._check(first)
            answer = self._answer(first, resolved(first.data, self._ids))
        except ScimError as error:
            self._refuse(first, error)
        else:
            self._accept(first, answer)

    def give_up(self, operations: tuple[BulkOperation, ...], why: str) -> None:
        """Refuse what has not been performed, or was lost."""
        for operation in operations:
            if operation.index not in self.results:
                self._refuse(operation, ScimError(503, why))

    def take_back(self) -> None:
        """Forget what did not reach the disk."""
        for index in self.pending:
            self.results.pop(index, None)
        self.pending.clear()

    def _check(self, operation: BulkOperation, coming: Collection[str] = ()) -> None:
        """Refuse what cannot be performed; ``coming`` are bulkIds that are known soon."""
        if operation.problem is not None:
            raise operation.problem
        for name in sorted(operation.references):
            if name in self._refused:
                raise ScimError(
                    409,
                    f"bulkId {shortened(name)} stands for a resource whose creation was refused "
                    "in this request: correct that operation first.",
                )
            if name not in self._ids and name not in coming:
                raise ScimError(
                    400,
                    f"bulkId {shortened(name)} belongs to no POST of this request: correct the "
                    "reference, or add the operation that creates it.",
                    "invalidValue",
                )

    def _perform_circle(self, unit: Unit) -> None:
        """Create resources that name each other: first without the names, which then are added.

        All of them are created, or none is.
        """
        at_fault = unit[0]
        answers: dict[int, Answer] = {}
        names = {operation.creates for operation in unit if operation.creates}
        try:
            with self._directory.write():
                deferred = {}
                for at_fault in unit:
                    self._check(at_fault, names)
                    later = names - self._ids.keys()
                    now, deferred[at_fault.index] = split(at_fault.data, later)
                    answer = self._answer(at_fault, resolved(now, self._ids))
                    answers[at_fault.index] = answer
                    self._know(at_fault, answer)
                for at_fault in unit:
                    if deferred[at_fault.index]:
                        answers[at_fault.index] = self._add(at_fault, deferred[at_fault.index])
        except ScimError as error:
            for operation in unit:
                self._ids.pop(operation.bulk_id or "", None)
                self._refuse(operation, error if operation is at_fault else _in_circle(at_fault))
            return
        for operation in unit:
            self._accept(operation, answers[operation.index])

    def _add(self, operation: BulkOperation, deferred: dict[str, Any]) -> Answer:
        """Add to a resource what could not be there when it was created."""
        path = f"{operation.path.partition('?')[0]}/{self._ids[operation.bulk_id or '']}"
        body = {"Operations": [{"op": "add", "value": resolved(deferred, self._ids)}]}
        answer = self._handled("PATCH", path, body, ANY_VERSION, CallNotes())
        return answer._replace(status=201)

    def _answer(self, operation: BulkOperation, data: Any) -> Answer:
        notes = CallNotes()
        path = resolved_path(operation.path, self._ids)
        has_version = operation.version is not None and operation.method != "POST"
        expected = Preconditions(if_match=operation.version) if has_version else ANY_VERSION
        try:
            return self._handled(operation.method, path, data, expected, notes)
        finally:
            remarks = self._request.notes.remarks
            room = max(0, MAX_REMARKS - len(remarks))
            remarks += [
                (code, f"Operation {operation.index + 1}: {text}")
                for code, text in notes.remarks[:room]
            ]

    def _handled(
        self, method: str, path: str, data: Any, expected: Preconditions, notes: CallNotes
    ) -> Answer:
        path, _, query = path.partition("?")
        segments = [unquote(segment) for segment in segments_of(path)]
        check_switch(segments, self._request.organization)
        return self._routes.handler(method, segments)(
            Request(
                method=method,
                segments=segments,
                query=query,
                content_type=None,
                body=b"",
                base=self._request.base,
                organization=self._request.organization,
                preconditions=expected,
                notes=notes,
                in_bulk=True,
                data=data,
            )
        )

    def _know(self, operation: BulkOperation, answer: Answer) -> None:
        if operation.creates:
            location = dict(answer.headers)[b"location"].decode()
            self._ids[operation.creates] = location.rpartition("/")[2]

    def _accept(self, operation: BulkOperation, answer: Answer) -> None:
        self._know(operation, answer)
        headers = {name.decode(): value.decode() for name, value in answer.headers}
        result: dict[str, Any] = {"method": operation.method}
        if operation.bulk_id:
            result["bulkId"] = operation.bulk_id
        if "etag" in headers:
            result["version"] = headers["etag"]
        result["location"] = headers["location"]
        result["status"] = str(answer.status)
        self._note(operation, result)

    def _refuse(self, operation: BulkOperation, error: ScimError) -> None:
        if operation.creates:
            self._refused.add(operation.creates)
        self.errors += 1
        result: dict[str, Any] = {"method": operation.method}
        if operation.bulk_id:
            result["bulkId"] = operation.bulk_id
        if operation.method != "POST" and operation.path:
            path = resolved_path(operation.path, self._ids).partition("?")[0]
            result["location"] = "/".join((self._request.base, *segments_of(path)))
        result["status"] = str(error.status)
        result["response"] = error.body()
        self._note(operation, result)

    def _note(self, operation: BulkOperation, result: dict[str, Any]) -> None:
        self.results[operation.index] = result
        self.pending.append(operation.index)


def _in_circle(at_fault: BulkOperation) -> ScimError:
    return ScimError(
        409,
        f"It refers in a circle to bulkId {shortened(at_fault.bulk_id)}, which was refused, so "
        "neither was created: correct that operation first.",
    )
