"""Every vector of the specification, documented or checked against SpEL."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.server.okta.expressions.evaluating import refusal, same, value

VECTORS = json.loads((Path(__file__).parent / "okta-el-vectors.json").read_text("utf-8"))


def test_all_vectors_are_here() -> None:
    assert len(VECTORS) == 182


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["expression"][:60])
def test_vector(vector: dict[str, Any]) -> None:
    expression, profile, context = vector["expression"], vector["profile"], vector["context"]
    if vector["error"]:
        assert refusal(expression, profile, **context).text
        return
    found: Any = value(expression, profile, **context)
    if "compare ids" in vector.get("note", ""):
        # A group is an object; the vector lists ids only, in any order.
        assert sorted(group["id"] for group in found) == sorted(vector["expected"])
    else:
        assert same(found, vector["expected"]), found
