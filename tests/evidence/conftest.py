"""A small section `evidence`, as plain data that tests change."""

from __future__ import annotations

from copy import deepcopy

import pytest

SECTION = {
    "rater": "A. Analyst",
    "draws": 500,
    "outlets": [
        {
            "id": "customs",
            "name": "China Customs",
            "reliability": {"grade": "C", "on": "2017-08-01", "reason": "orderly, with gaps"},
        },
        {
            "id": "wire",
            "name": "A wire service",
            "reliability": {"grade": "A", "on": "2017-08-01", "reason": "corrects itself"},
        },
    ],
    "sources": [
        {
            "id": "s1",
            "type": "dataset",
            "title": "Monthly imports",
            "issued": "2017-07-23",
            "outlet": "customs",
        },
        {
            "id": "s2",
            "type": "article-newspaper",
            "title": "Ships turn back",
            "issued": "2017-08-14",
            "outlet": "wire",
        },
    ],
    "sets": [
        {
            "id": "coal",
            "question": "Does China stop buying coal?",
            "hypotheses": [
                {"id": "stops", "text": "It stops.", "prior": "0.5"},
                {"id": "goes_on", "text": "It goes on. In secret.", "prior": "0.5"},
            ],
        }
    ],
    "items": [
        {
            "id": "E1",
            "text": "No coal is recorded from March on.",
            "kind": "data",
            "sources": ["s1"],
            "credibility": "2",
            "because": "A stop leaves no record.",
            "ratings": {"coal": {"stops": "CC", "goes_on": "I"}},
        },
        {
            "id": "E2",
            "text": "Ships return laden.",
            "sources": ["s2"],
            "credibility": "2",
            "because": "A stop turns ships back.",
            "ratings": {"coal": {"stops": "C", "goes_on": "II"}},
        },
    ],
    "indicators": [
        {
            "id": "W1",
            "text": "Ships unload coal.",
            "due": "2018-03-31",
            "likelihood": {"coal": {"stops": "II", "goes_on": "0.8"}},
        }
    ],
}


@pytest.fixture
def section():
    """The section as a file gives it."""
    return deepcopy(SECTION)
