"""The yardstick text of October 2018, coded by hand: its own confidence, and the reasons for it.

The text states high confidence that Russia and China go on together and moderate confidence that
they try to undermine the United States. Four of its nine citations rest on one journalist, and no
rival explanation of the second judgment is weighed: its items say nothing about the rivals.
"""

from __future__ import annotations

from datetime import date

import pytest

AS_OF = date(2018, 10, 14)

OUTLETS = {"scmp": "B", "examiner": "B", "asia-times": "C", "us-news": "B", "yonhap": "B"}

SOURCES = {
    # id: outlet, group, day
    "lee-5-oct": ("scmp", "lee", "2018-10-05"),
    "lee-11-oct": ("scmp", "lee", "2018-10-11"),
    "gehrke": ("examiner", "", "2018-10-06"),
    "lintner": ("asia-times", "", "2018-10-12"),
    "anon": ("us-news", "", "2018-08-29"),
    "ko": ("yonhap", "", "2018-10-11"),
}

# source, what it says, ratings for "goes on together" / "drifts apart",
# ratings for "undermine" / "stability" / "own trade"; the text rates no rival of "undermine"
ITEMS = [
    ("anon", "Talks have not moved since June.", "C N", "N NA NA"),
    ("lee-5-oct", "A DPRK minister went to Beijing and Moscow before the visit.", "C N", "N NA NA"),
    ("lee-11-oct", "The three deputy ministers met in Moscow.", "CC I", "C NA NA"),
    ("gehrke", "Both asked the Council to adjust sanctions.", "CC II", "C C N"),
    ("gehrke", "Both support phased and synchronised steps.", "CC I", "C C N"),
    ("ko", "The United States keeps sanctions until the end.", "N N", "N NA NA"),
    ("lee-11-oct", "A Moscow scholar sees an opening for the DPRK.", "C N", "C NA NA"),
    ("lintner", "A commentator sees the United States losing the initiative.", "C N", "C NA NA"),
    ("lee-11-oct", "A Seoul scholar expects warheads to go to friends.", "C N", "N NA NA"),
]


def hypotheses(*rows):
    return [{"id": id_, "text": text, "prior": prior} for id_, text, prior in rows]


@pytest.fixture
def first_text():
    together = ("together", "apart")
    motive = ("undermine", "stability", "trade")
    evidence = {
        "rater": "tests",
        "draws": 1000,
        "group_names": {"lee": "one journalist of the South China Morning Post"},
        "outlets": [
            {
                "id": name,
                "name": name,
                "reliability": {"grade": grade, "on": "2018-10-01", "reason": "as read"},
            }
            for name, grade in OUTLETS.items()
        ],
        "sources": [
            {
                "id": id_,
                "type": "article-newspaper",
                "title": id_,
                "issued": day,
                "outlet": outlet,
                "group": group,
            }
            for id_, (outlet, group, day) in SOURCES.items()
        ],
        "sets": [
            {
                "id": "course",
                "question": "Do Russia and China go on together?",
                "hypotheses": hypotheses(
                    ("together", "They go on together.", [0.5, 0.7]),
                    ("apart", "They drift apart.", [0.3, 0.5]),
                ),
            },
            {
                "id": "motive",
                "question": "Why do they?",
                "hypotheses": hypotheses(
                    ("undermine", "To undermine the United States.", [0.2, 0.5]),
                    ("stability", "To keep the peninsula quiet.", [0.2, 0.5]),
                    ("trade", "For their own trade.", [0.1, 0.4]),
                ),
            },
        ],
        "items": [
            {
                "id": f"C{number}",
                "text": text,
                "sources": [source],
                "credibility": "3",
                "because": "as the text argues",
                "ratings": {
                    "course": dict(zip(together, course.split(), strict=True)),
                    "motive": dict(zip(motive, rated.split(), strict=True)),
                },
            }
            for number, (source, text, course, rated) in enumerate(ITEMS, start=1)
        ],
    }
    settled = {"quantity": "joint statements", "source": "UN documents", "by": "2019-10-14"}
    section = {
        "headlines": {
            "course": {"together": "They go on.", "apart": "They drift apart."},
        },
        "assumptions": [
            {
                "id": "A1",
                "text": "What officials say is what they do.",
                "if_wrong": "The call is theatre.",
                "support": "Both voted for the sanctions they now ask to ease.",
                "hinges": {"course": ["together"], "motive": ["undermine"]},
            }
        ],
        "judgments": [
            {
                "id": "together",
                "statement": "Russia and China ask for relief again within a year",
                "flow": "none",
                "set": "course",
                "given": {"together": [0.8, 0.95], "apart": [0.1, 0.3]},
                "because": "They said so.",
                "resolution": settled,
            },
            {
                "id": "undermine",
                "statement": "they offer the DPRK a channel outside the talks within a year",
                "flow": "none",
                "set": "motive",
                "given": {"undermine": [0.6, 0.8], "stability": [0.2, 0.4], "trade": [0.2, 0.4]},
                "because": "A rival channel is the means.",
                "resolution": settled,
            },
        ],
    }
    return evidence, section


def test_it_comes_to_its_own_confidence_and_names_the_reasons(first_text, judged):
    record = judged(*first_text, as_of=AS_OF)
    together, undermine = (judgment.confidence for judgment in record.judgments)
    order = ("low", "moderate", "high")
    assert order.index(undermine.level) < order.index(together.level)
    assert order.index(undermine.level) < order.index("moderate")
    reasons = {each.name: each.reason for each in undermine.components}
    assert "4 of 9 items rest on one source group (one journalist" in reasons["independent sources"]
    assert reasons["rival hypotheses"] == "all 3 hypotheses are rated on 2 of 9 items"
    assert reasons["rival hypotheses"] in undermine.reason


def test_weighing_the_rivals_raises_the_confidence_in_the_motive(first_text, judged):
    evidence, section = first_text
    before = judged(evidence, section, as_of=AS_OF).judgments[1]
    for item in evidence["items"]:
        ratings = item["ratings"]["motive"]
        item["ratings"]["motive"] = {k: "N" if v == "NA" else v for k, v in ratings.items()}
    after = judged(evidence, section, as_of=AS_OF).judgments[1]
    named = {each.name: each.level for each in after.confidence.components}
    assert named["rival hypotheses"] == "high"
    assert before.confidence.level == "low"
