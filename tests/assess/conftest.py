"""A small case about coal, as plain data that tests change."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

import pytest

from tumen.assess import Spec, assess
from tumen.core.manifest import Manifest
from tumen.evidence import Spec as EvidenceSpec
from tumen.evidence import complete

AS_OF = date(2017, 8, 31)

OUTLETS = [
    ("customs", "China Customs", "B"),
    ("wire", "A wire service", "A"),
    ("paper", "A daily paper", "B"),
    ("panel", "Panel of Experts", "A"),
    ("tabloid", "A tabloid", "E"),
]

EVIDENCE = {
    "rater": "A. Analyst",
    "draws": 1000,
    "outlets": [
        {
            "id": id_,
            "name": name,
            "reliability": {"grade": grade, "on": "2017-08-01", "reason": "record of ten years"},
        }
        for id_, name, grade in OUTLETS
    ],
    "sources": [
        {
            "id": f"s-{id_}",
            "type": "report",
            "title": f"What {name} published",
            "author": [{"literal": name}],
            "issued": "2017-08-20",
            "outlet": id_,
        }
        for id_, name, _ in OUTLETS
    ],
    "sets": [
        {
            "id": "coal",
            "question": "Does China stop buying coal?",
            "hypotheses": [
                {"id": "stops", "text": "It stops.", "label": "Stops", "prior": [0.4, 0.6]},
                {"id": "hides", "text": "It hides it.", "label": "Hides", "prior": [0.1, 0.3]},
                {"id": "goes_on", "text": "It goes on.", "label": "Goes on", "prior": [0.2, 0.4]},
            ],
        }
    ],
    "items": [
        {
            "id": f"E{number}",
            "text": f"Observation {number} about coal.",
            "sources": [f"s-{outlet}"],
            "credibility": "2",
            "claim": {"reporter": outlet},
            "because": "A stop looks like this.",
            "ratings": {"coal": {"stops": stops, "hides": hides, "goes_on": goes_on}},
        }
        for number, (outlet, stops, hides, goes_on) in enumerate(
            [
                ("customs", "CC", "CC", "II"),
                ("wire", "CC", "I", "I"),
                ("paper", "C", "I", "I"),
                ("panel", "CC", "I", "II"),
                ("tabloid", "N", "N", "N"),
            ],
            start=1,
        )
    ],
    "indicators": [
        {
            "id": "W1",
            "text": "Satellite images show coal carriers in Chinese ports.",
            "threshold": "five voyages a month",
            "due": "2018-03-31",
            "where": "ship trackers",
            "likelihood": {"coal": {"stops": "0.05", "hides": "0.8", "goes_on": "0.8"}},
        }
    ],
}

ASSESS = {
    "headlines": {
        "coal": {
            "stops": "China is set to stop.",
            "hides": "China is set to hide it.",
            "goes_on": "China is set to go on.",
        }
    },
    "judgments": [
        {
            "id": "J1",
            "statement": "China's customs record less than one million tonnes for 2018",
            "flow": "recorded",
            "set": "coal",
            "given": {"stops": [0.85, 0.93], "hides": [0.85, 0.93], "goes_on": [0.05, 0.2]},
            "because": "Only an open trade is recorded.",
            "resolution": {
                "quantity": "imports of 2701 from the DPRK, 2018",
                "source": "China Customs",
                "by": "2018-02-28",
            },
            "rests_on": ["A1"],
        }
    ],
    "assumptions": [
        {
            "id": "A1",
            "text": "The books cover the ports.",
            "if_wrong": "The record says nothing.",
            "support": "The mirror record agrees.",
            "sources": ["s-panel"],
            "hinges": {"coal": ["stops"]},
        }
    ],
}


@pytest.fixture
def evidence_data():
    """The section `evidence` as a file gives it."""
    return deepcopy(EVIDENCE)


@pytest.fixture
def assess_data():
    """The section `assess` as a file gives it."""
    return deepcopy(ASSESS)


@pytest.fixture
def judged(tmp_path):
    """Assess two sections."""

    def run(evidence, section, *, findings=(), seed=1, as_of=AS_OF):
        spec = complete(EvidenceSpec.model_validate(evidence), folder=tmp_path, as_of=as_of)
        return assess(
            Spec.model_validate(section),
            evidence=spec,
            findings=findings,
            case_id="coal",
            title="Coal",
            question="Does China stop buying coal?",
            as_of=as_of,
            horizon=date(2018, 12, 31),
            actors={"CHN": "enforcer"},
            manifest=Manifest(case_sha256="0", seed=seed, inputs=(), versions={"tumen": "0"}),
        )

    return run
