"""Where a call stands in the list, whatever is unfolded."""

from array import array
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st

from gui.live_log.clock_face import ClockFace
from gui.live_log.model import CallModel


@st.composite
def operations(draw: st.DrawFn) -> dict[int, list[int]]:
    """Return the later calls of operations by their first one; ids are given out as calls come."""
    operations: dict[int, list[int]] = {}
    for call_id in range(1, draw(st.integers(1, 30))):
        begun = draw(st.sampled_from([0, *operations]))  # 0: this call begins one
        if begun:
            operations[begun].append(call_id)
        else:
            operations[call_id] = []
    return operations or {1: []}


@settings(max_examples=100, deadline=None)
@given(operations=operations(), data=st.data())
def test_a_call_is_found_where_it_stands(
    operations: dict[int, list[int]], data: st.DataObject
) -> None:
    model = CallModel(lambda ids: [], lambda row: [], cast(ClockFace, None))
    model.set_ids(array("q", operations))
    shown = list(operations)
    for head in data.draw(st.lists(st.sampled_from(list(operations)), unique=True)):
        model.unfold(head, operations[head])
        at = shown.index(head) + 1
        shown[at:at] = operations[head]
    assert list(model.all_ids()) == shown
    for call_id in range(32):
        at = shown.index(call_id) if call_id in shown else None
        assert model.row_of(call_id) == at
