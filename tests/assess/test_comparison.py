"""No difference stays silent."""

from __future__ import annotations

import json
from copy import deepcopy

from pydantic import ValidationError

from tumen.assess import Assessment, differences
from tumen.core.finding import Finding, Input


def leaves(node, path=()):
    """Yield the path of every text, number and truth value."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in pairs:
        if isinstance(value, dict | list):
            yield from leaves(value, (*path, key))
        elif value is not None:
            yield (*path, key)


def changed(data, path):
    copy = deepcopy(data)
    node = copy
    for key in path[:-1]:
        node = node[key]
    value = node[path[-1]]
    if isinstance(value, bool):
        node[path[-1]] = not value
    elif isinstance(value, int | float):
        node[path[-1]] = value + (1 if isinstance(value, int) else 1e-6)
    else:
        node[path[-1]] = value + "x"
    return copy


def test_every_changed_leaf_of_a_record_is_told(evidence_data, assess_data, judged):
    finding = Finding(
        id="trade.coal",
        sentence="Coal is sold.",
        inputs=(Input(id="trade.sample", sha256="1"),),
        caveats=("Only in the books.",),
    )
    record = judged(evidence_data, assess_data, findings=[finding])
    data = json.loads(record.model_dump_json())
    tried = 0
    for path in leaves(data):
        try:
            other = Assessment.model_validate_json(json.dumps(changed(data, path)))
        except ValidationError:
            continue
        if other == record:
            continue
        tried += 1
        told = differences(record, other)
        assert told, path
        assert all(each.sentence.endswith(".") for each in told), path
    assert tried > 150


def test_gone_new_and_reordered_records_are_told(evidence_data, assess_data, judged):
    record = judged(evidence_data, assess_data)
    second = record.judgments[0].model_copy(update={"id": "J2"})
    both = record.model_copy(update={"judgments": (record.judgments[0], second)})
    swapped = both.model_copy(update={"judgments": both.judgments[::-1]})
    assert [str(each) for each in differences(record, both)] == ["Judgment J2 is new."]
    assert [str(each) for each in differences(both, record)] == ["Judgment J2 is gone."]
    assert [str(each) for each in differences(both, swapped)] == [
        "The order of the judgments changed."
    ]


def test_a_new_version_is_told_apart_from_a_changed_result(evidence_data, assess_data, judged):
    record = judged(evidence_data, assess_data)
    manifest = record.manifest.model_copy(update={"versions": {"tumen": "1", "numpy": "2"}})
    told = differences(record, record.model_copy(update={"manifest": manifest}))
    assert {each.part for each in told} == {"version"}
    assert {str(each) for each in told} == {
        "The version of numpy moves from none to 2.",
        "The version of tumen moves from 0 to 1.",
    }
