"""An assessment as the rooms below make it: long names, native scripts, every kind of chart."""

from __future__ import annotations

from datetime import date

import pytest

from tumen.assess.record import (
    Assessment,
    Assumption,
    Component,
    Confidence,
    Event,
    EvidenceRecord,
    HypothesisRecord,
    Judgment,
    Option,
    Resolution,
    RivalView,
    WeighingRecord,
)
from tumen.core.citation import Citation, Name
from tumen.core.finding import Cell, Column, Estimate, EventRule, Figure, Finding, Grid, Input
from tumen.core.manifest import Manifest

SAMPLE = Input(id="trade.sample", sha256="a1" * 32, note="CEPII BACI, vintage 202401, HS1992")
LAW = Input(id="regime.UN-1718", sha256="b2" * 32, note="own reading of the resolutions")


def grid(columns: list[tuple[str, str, str]], rows: list[tuple[Cell, ...]]) -> Grid:
    """Return a table; a column is key, title and unit."""
    return Grid(
        columns=tuple(Column(key=key, title=title, unit=unit) for key, title, unit in columns),
        rows=tuple(rows),
    )


def chance(value: float, low: float, high: float) -> Estimate:
    """Return a probability with its interval."""
    return Estimate(
        value=value, low=low, high=high, unit="probability", basis="computed", coverage=0.9
    )


def sources() -> tuple[Citation, ...]:
    """Return works of every type, with one author twice in a year and native scripts."""
    return (
        Citation(
            id="res2371",
            type="legislation",
            title="Resolution 2371 (2017)",
            number="S/RES/2371",
            author=(Name(literal="UN Security Council"),),
            issued=date(2017, 8, 5),
            url="https://undocs.org/S/RES/2371(2017)",
            accessed=date(2026, 11, 1),
        ),
        Citation(
            id="res2321",
            type="legislation",
            title="Resolution 2321 (2016)",
            number="S/RES/2321",
            author=(Name(literal="UN Security Council"),),
            issued=date(2016, 11, 30),
        ),
        Citation(
            id="kim-a",
            type="article-newspaper",
            title="Border traders wait for a signal",
            author=(Name(family="Kim", given="Jeong-ho"),),
            container_title="Example Morning Post",
            issued=date(2017, 8, 12),
            url="https://example.org/a",
            accessed=date(2026, 10, 2),
        ),
        Citation(
            id="kim-b",
            type="article-newspaper",
            title="A very long headline that says in many words what Dandong's customs officers do",
            author=(Name(family="Kim", given="Jeong-ho"),),
            container_title="Example Morning Post",
            issued=date(2017, 8, 20),
        ),
        Citation(
            id="bok",
            type="report",
            title="북한 경제성장률 추정 결과",
            language="ko",
            author=(Name(literal="한국은행"),),
            issued=date(2017, 7, 21),
            publisher="한국은행",
        ),
        Citation(
            id="gacc",
            type="webpage",
            title="2017年7月进出口商品国别总值表",
            language="zh",
            author=(Name(literal="中国海关总署"),),
            issued=date(2017, 8, 23),
            url="https://example.org/gacc",
            accessed=date(2026, 10, 9),
        ),
        Citation(
            id="fts",
            type="dataset",
            title="Таможенная статистика внешней торговли",
            language="ru",
            author=(Name(literal="Федеральная таможенная служба"),),
            issued=date(2017, 8, 7),
        ),
        Citation(
            id="baci",
            type="dataset",
            title="BACI: International Trade Database at the Product Level",
            author=(
                Name(family="Gaulier", given="Guillaume"),
                Name(family="Zignago", given="Soledad"),
            ),
            publisher="CEPII",
            number="Version 202401",
            issued=date(2024, 1, 31),
            precision="month",
        ),
        Citation(
            id="anon",
            type="article-newspaper",
            title="Coal ships idle at Nampo",
            container_title="Sample Herald",
            issued=date(2017, 8, 3),
        ),
    )


def recorded(value: float, unit: str) -> Estimate:
    """Return a recorded number."""
    return Estimate(value=value, unit=unit, basis="recorded")


def law_findings() -> list[Finding]:
    """Return what is prohibited, by paragraph and line, and a strip."""
    table = grid(
        [
            ("goods", "Goods", ""),
            ("paragraph", "Paragraph", ""),
            ("un", "UN line", ""),
            ("china", "China's own line", ""),
            ("us", "US line", ""),
        ],
        [
            (
                "Coal (2701)",
                "2371, para. 8",
                "Prohibited from 5 August 2017, no wind-down",
                "Announcement 40: banned from 15 August; cargo in port may be cleared",
                "Secondary sanctions on traders",
            ),
            (
                "Iron ore (2601)",
                "2371, para. 8",
                "Prohibited; old contracts until 5 September",
                "Announcement 40: as the UN, with its own customs date",
                "Same",
            ),
            (
                "Lead and lead ore (2607, 78)",
                "2371, para. 10",
                "Prohibited; wind-down 30 days",
                "Announcement 40",
                "Same",
            ),
            (
                "Seafood (03)",
                "2371, para. 9",
                "Prohibited; wind-down 30 days",
                "Announcement 40",
                "Same",
            ),
            (
                "Textiles (50-63)",
                "none",
                "Permitted",
                "Permitted",
                "Listed by executive order only",
            ),
        ],
    )
    months = [f"{year}-{month:02d}" for year in (2016, 2017) for month in range(1, 13)][2:22]
    rows: list[tuple[Cell, ...]] = []
    for item, start in (
        ("Coal", 17),
        ("Iron and iron ore", 17),
        ("Lead and lead ore", 17),
        ("Copper, nickel, silver, zinc", 9),
        ("Seafood", 17),
    ):
        for place, month in enumerate(months):
            status = (
                "prohibited" if place >= start else "conditional" if place >= 1 else "permitted"
            )
            if item == "Lead and lead ore" and place == 13:
                status = "recorded while prohibited"
            rows.append((month, item, status))
    return [
        Finding(
            id="regime.today",
            rank=0,
            grid=table,
            inputs=(LAW,),
            sources=("res2371",),
            sentence="On 31 August 2017 five sector bans of the UN bind exports from North Korea.",
            method="Each heading is ruled for exporter, importer and day.",
            caveats=("The law is read in English.",),
        ),
        Finding(
            id="regime.strip",
            rank=2,
            inputs=(LAW,),
            sources=("res2321", "res2371"),
            sentence="Coal passed from a livelihood test to a cap and then to a full ban.",
            method="The same ruling for each month.",
            grid=grid(
                [("month", "Month", ""), ("item", "Goods", ""), ("status", "Status", "")], rows
            ),
            figure=Figure(
                kind="strip",
                title="In twenty months the law closed five sectors",
                x="month",
                y="item",
                group="status",
                source_note="UN Security Council resolutions",
                rules=(
                    EventRule(at="2016-11-30", label="Resolution 2321"),
                    EventRule(at="2017-08-05", label="Resolution 2371"),
                ),
                alt="Tiles by goods and month",
            ),
        ),
    ]


def trade_findings() -> list[Finding]:
    """Return trade over time and observed bars."""
    years = list(range(2010, 2017))
    coal = [389.0, 1127.0, 1192.0, 1374.0, 1132.0, 1050.0, 1182.8]
    russia = [110.0, 113.7, 81.0, 104.0, 92.2, 84.3, 76.8]
    rows: list[tuple[Cell, ...]] = []
    for place, year in enumerate(years):
        rows.append((str(year), "China's coal imports", coal[place], None, None))
        rows.append((str(year), "Russia's total trade", russia[place], None, None))
        rows.append(
            (
                str(year),
                "South Korea (Kaesong)",
                1900.0 - 200 * place if place < 6 else None,
                None,
                None,
            )
        )
    monthly: list[tuple[Cell, ...]] = [
        (f"2017-{month:02d}", value, value * 0.93, value * 1.1)
        for month, value in enumerate((120.0, 98.0, 4.0, 0.0, 0.0, 0.0, 0.0), 1)
    ]
    return [
        Finding(
            id="trade.coal",
            rank=0,
            estimate=recorded(1182.8, "MUSD"),
            inputs=(SAMPLE,),
            sources=("baci",),
            sentence="China recorded coal imports of USD 1,180 million from North Korea in 2016.",
            method="Sum over HS 2701, reconciled flows.",
            caveats=("Values are FOB.",),
            grid=grid(
                [
                    ("year", "Year", ""),
                    ("flow", "Flow", ""),
                    ("value", "Recorded trade", "MUSD"),
                    ("low", "Low", "MUSD"),
                    ("high", "High", "MUSD"),
                ],
                rows,
            ),
            figure=Figure(
                kind="series",
                title="China's coal imports dwarf everything that Russia trades",
                x="year",
                y="value",
                group="flow",
                unit_note="Million US dollars a year",
                source_note="CEPII BACI, vintage 202401; own sums",
                rules=(
                    EventRule(at="2013-03-07", label="Resolution 2094"),
                    EventRule(
                        at="2016-03-02", label="Resolution 2270: livelihood exemption for coal"
                    ),
                    EventRule(at="2016-11-30", label="Resolution 2321: cap"),
                ),
                alt="Three lines, 2010 to 2016",
            ),
        ),
        Finding(
            id="trade.monthly",
            rank=3,
            inputs=(SAMPLE,),
            sources=("gacc",),
            sentence="Recorded monthly coal imports fell to 0 after February 2017.",
            method="China's customs, monthly.",
            caveats=("A recorded zero is not a real zero.",),
            grid=grid(
                [
                    ("m", "Month", ""),
                    ("v", "Recorded imports", "MUSD"),
                    ("lo", "Low", "MUSD"),
                    ("hi", "High", "MUSD"),
                ],
                monthly,
            ),
            figure=Figure(
                kind="series",
                title="Recorded coal imports stop in March 2017",
                x="m",
                y="v",
                low="lo",
                high="hi",
                unit_note="Million US dollars a month",
                source_note="General Administration of Customs of China",
                rules=(EventRule(at="2017-02-18", label="China suspends coal imports"),),
            ),
        ),
        Finding(
            id="monitor.share",
            rank=1,
            inputs=(SAMPLE,),
            estimate=recorded(0.0, "share"),
            sentence="Russia's share of the mineral trade that China gave up is 0 % as recorded.",
            method="Difference of recorded flows.",
            caveats=("Transit coal through Rajin and unrecorded ship transfers are not seen.",),
            grid=grid(
                [("who", "Partner", ""), ("v", "Change of recorded mineral imports", "MUSD")],
                [
                    ("CHN", -773.3),
                    ("RUS", 0.0),
                    ("Other Asia, not elsewhere specified", 4.2),
                    ("IND", None),
                ],
            ),
            figure=Figure(
                kind="bars",
                title="Nobody replaces China's recorded mineral trade",
                x="v",
                y="who",
                unit_note="Million US dollars, 2017 less 2016",
                source_note="CEPII BACI",
            ),
        ),
    ]


def model_findings() -> list[Finding]:
    """Return model results: intervals, a field, swings, before and after."""
    run = Input(id="impact.world", sha256="c3" * 32, note="OECD ICIO 2022, CC BY 4.0")
    loss = Estimate(
        value=-1450.0, low=-1900.0, high=-900.0, unit="MUSD", basis="modelled", coverage=0.9
    )
    field: list[tuple[Cell, ...]] = [
        (x / 20, y / 20, round(0.15 + 0.9 * x / 20 - 0.7 * y / 20 * (1 - x / 40), 4))
        for x in range(0, 21, 2)
        for y in range(0, 21, 2)
    ]
    return [
        Finding(
            id="impact.loss",
            rank=1,
            estimate=loss,
            inputs=(run,),
            sentence="A full Chinese cut-off lowers North Korea's export revenue "
            "by about USD 1,450 million.",
            method="Long-run trade model, 400 draws.",
            caveats=("Direction and range only.",),
            grid=grid(
                [
                    ("case", "Scenario", ""),
                    ("v", "Change of export revenue", "MUSD"),
                    ("lo", "Low", "MUSD"),
                    ("hi", "High", "MUSD"),
                ],
                [
                    (
                        "China enforces Resolution 2371 in full, nobody backfills",
                        -1450.0,
                        -1900.0,
                        -900.0,
                    ),
                    ("China enforces by half", -700.0, -1000.0, -400.0),
                    ("Russia backfills to its port capacity", -1200.0, -1650.0, -700.0),
                ],
            ),
            figure=Figure(
                kind="interval",
                title="Only China's enforcement moves the loss",
                x="v",
                y="case",
                low="lo",
                high="hi",
                unit_note="Million US dollars a year, 90 % of draws",
                source_note="tumen trade model on OECD ICIO 2022",
            ),
        ),
        Finding(
            id="impact.flows",
            rank=3,
            estimate=loss,
            inputs=(run,),
            sentence="The model moves coal from China to nobody.",
            method="Long-run trade model.",
            grid=grid(
                [
                    ("flow", "Flow", ""),
                    ("a", "Before the ban", "MUSD"),
                    ("b", "After the ban", "MUSD"),
                ],
                [
                    ("Coal to China", 1182.8, 30.0),
                    ("Textiles to China", 720.0, 790.0),
                    ("Coal to Russia", 2.0, 41.0),
                ],
            ),
            figure=Figure(
                kind="before_after",
                title="The ban removes coal and little replaces it",
                x="a",
                y="b",
                group="flow",
                unit_note="Million US dollars a year",
            ),
        ),
        Finding(
            id="strategy.tipping",
            rank=1,
            estimate=Estimate(value=0.42, low=0.3, high=0.55, unit="share", basis="modelled"),
            sentence="China enforces in full when Russia can replace less than 42 % "
            "of the lost trade.",
            method="Sequential enforcement game, reduced form.",
            inputs=(run,),
            grid=grid(
                [
                    ("backfill", "Backfill capacity", "share"),
                    ("pressure", "US pressure", "share"),
                    ("p", "Chance of full enforcement", "probability"),
                ],
                [
                    (a, b, min(1.0, max(0.0, v if isinstance(v, float) else 0.0)))
                    for a, b, v in field
                ],
            ),
            figure=Figure(
                kind="heatmap",
                title="Enforcement tips where backfill exceeds two fifths",
                x="backfill",
                y="pressure",
                group="p",
                level=0.5,
                span=(0.02, 0.12),
                span_label="Sourced capacity",
                unit_note="Share of lost trade; index of pressure",
                rules=(EventRule(at="0.3", label="Rajin at full load"),),
            ),
        ),
        Finding(
            id="strategy.tornado",
            rank=4,
            estimate=Estimate(value=0.62, low=0.4, high=0.8, unit="probability", basis="modelled"),
            sentence="The weight on border stability moves the result most.",
            method="One at a time.",
            inputs=(run,),
            grid=grid(
                [
                    ("input", "Input", ""),
                    ("v", "Chance", "probability"),
                    ("lo", "Low", "probability"),
                    ("hi", "High", "probability"),
                ],
                [
                    ("Weight on border stability", 0.62, 0.38, 0.81),
                    ("Cost of US sanctions", 0.62, 0.55, 0.7),
                    ("Backfill capacity", 0.62, 0.72, 0.5),
                ],
            ),
            figure=Figure(
                kind="tornado",
                title="Border stability outweighs all else",
                x="v",
                y="input",
                low="lo",
                high="hi",
                unit_note="Chance of full enforcement",
            ),
        ),
    ]


HYPOTHESES = (
    ("full", "China enforces the ban in full through the winter", 0.34, 0.58, 0.44, 0.7),
    (
        "partial",
        "China enforces at customs but tolerates small-scale border trade",
        0.33,
        0.3,
        0.18,
        0.42,
    ),
    ("blackout", "Trade goes on and is no longer recorded", 0.33, 0.12, 0.05, 0.22),
)


def weighing() -> WeighingRecord:
    """Return twelve items against three hypotheses."""
    texts = (
        "Customs closed the coal lanes at Dandong on 15 August",
        "Price of anthracite in Liaoning rose by a tenth within two weeks of the announcement",
        "A trader who was not named says that barges move at night",
        "The ministry published Announcement 40 nine days after the vote",
        "China's monthly tables show no coal since March",
        "Satellite pictures show coal heaps growing at Nampo",
        "A Russian official says that no new quota for coal is planned",
        "Three Chinese banks closed accounts of North Korean clients",
        "The Rajin terminal loaded four ships of Russian coal",
        "A commentary in a party newspaper asks for restraint",
        "Two firms of Dandong were listed by the US Treasury",
        "The trade model finds little room for others to replace China",
    )
    words = ("CC", "C", "N", "I", "II", "NA")
    items = tuple(
        EvidenceRecord(
            id=f"item{place}",
            text=text,
            sources=(("kim-a", "kim-b", "anon", "gacc", "res2371", "fts")[place % 6],),
            group="Kim" if place % 3 == 0 else f"group {place}",
            reliability="ABCF"[place % 4],
            credibility=str(1 + place % 6),
            ratings=(words[place % 6], words[(place + 2) % 6], words[(place + 3) % 6]),
            reasons=("It would be odd if lanes stayed open.", "", "A blackout needs no closure."),
            diagnosticity=0.31 - 0.02 * place,
            drop_changes=-0.04 + 0.01 * place,
            is_model=place == 11,
        )
        for place, text in enumerate(texts)
    )
    return WeighingRecord(
        id="enforcement",
        question="How does China enforce Resolution 2371 until the end of 2017?",
        hypotheses=tuple(
            HypothesisRecord(
                id=key,
                text=text,
                prior=chance(prior, prior - 0.05, prior + 0.05),
                posterior=chance(value, low, high),
                without=chance(value - 0.03, low - 0.03, high - 0.03),
                stays_top=0.86 if key == "full" else 0.07,
            )
            for key, text, prior, value, low, high in HYPOTHESES
        ),
        items=items,
        method="Monte Carlo over ratings, reliability and priors; 4,000 draws.",
        flipping=(
            "If E1 is wrong, partial enforcement leads.",
            "Reversing E1 and E4 together puts partial enforcement on top.",
        ),
        watch=(
            "Coal price at Dandong above 700 yuan a tonne (0.21 bits).",
            "Panel of Experts finds a ship transfer (0.15 bits).",
        ),
    )


def judgments() -> tuple[Judgment, ...]:
    """Return one judgment on recorded trade, one on real flows, one on neither."""

    def made(
        key: str,
        flow: str,
        statement: str,
        word: str,
        p: tuple[float, float, float],
        rests: tuple[str, ...],
        level: str,
    ) -> Judgment:
        return Judgment.model_validate(
            {
                "id": key,
                "statement": statement,
                "flow": flow,
                "word": word,
                "probability": chance(*p).model_dump(),
                "hypotheses": "enforcement",
                "rests_on": rests,
                "confidence": Confidence(
                    level=level,  # type: ignore[arg-type]
                    reason="4 of 12 items rest on one journalist; the order flips if E1 is wrong",
                    components=(
                        Component(
                            name="independent source groups",
                            level="moderate",
                            reason="effective number of groups is 5.1",
                            is_critical=True,
                        ),
                        Component(
                            name="robustness",
                            level="high",
                            reason="86 % of draws in one band",
                            is_critical=True,
                        ),
                    ),
                ).model_dump(),
                "resolution": Resolution(
                    quantity="China's recorded imports of HS 2701 from North Korea, "
                    "September to December 2017",
                    source="General Administration of Customs of China",
                    by=date(2018, 1, 31),
                ).model_dump(),
                "would_change": (
                    "coal above 700 yuan a tonne at Dandong",
                    "a ship transfer reported by the Panel of Experts",
                ),
                "dissent": "Customs can close its books faster than its gates.",
            }
        )

    return (
        made(
            "recorded",
            "recorded",
            "China's customs record less than USD 50 million of coal imports "
            "from North Korea in September to December 2017",
            "very likely",
            (0.88, 0.8, 0.94),
            ("trade.coal", "trade.monthly", "item0", "item4"),
            "moderate",
        ),
        made(
            "real",
            "real",
            "real deliveries of coal to China stay above a tenth of their level of 2016",
            "roughly even chance",
            (0.49, 0.3, 0.66),
            ("monitor.share", "item2", "item5"),
            "low",
        ),
        made(
            "backfill",
            "none",
            "Russia does not replace more than a tenth of the minerals that China gives up",
            "almost certain",
            (0.96, 0.9, 0.99),
            ("monitor.share", "item6"),
            "moderate",
        ),
    )


@pytest.fixture(scope="session")
def record() -> Assessment:
    """A full assessment."""
    return assessment()


def assessment() -> Assessment:
    """Return a full assessment."""
    return Assessment(
        case_id="sample",
        title="Will China enforce, will Russia backfill?",
        question="How vigorously will China enforce Resolution 2371 of the Security Council, "
        "and will Russia backfill, in which channels?",
        as_of=date(2017, 8, 31),
        horizon=date(2018, 3, 31),
        authors=("A. Analyst", "김민수"),
        actors={"CHN": "enforcer", "RUS": "possible backfiller", "PRK": "target", "USA": "sender"},
        headline="China's customs will very likely show the ban as kept; whether coal really "
        "stops is an open question, and Russia has little with which to replace it.",
        judgments=judgments(),
        weighings=(weighing(),),
        findings=(*law_findings(), *trade_findings(), *model_findings()),
        options=(
            Option(
                id="ports",
                text="Ask China for monthly port stock figures",
                who="UN Security Council",
                authority="Resolution 2371, para. 18",
                available_from=date(2017, 9, 5),
                cost="low",
                reply="A partial answer, late",
                reveals="Whether cleared cargo matches old contracts",
                sources=("res2371",),
            ),
            Option(
                id="banks",
                text="List two banks of Dandong",
                who="USA",
                authority="Executive order 13722",
                cost="Friction with China before the party congress",
                reply="China protests and closes small accounts",
                reveals="Where coal money flows",
            ),
            Option(
                id="rajin",
                text="Ask Russia to notify each Rajin cargo",
                who="RUS",
                authority="Resolution 2371, para. 8",
                cost="none",
                reply="Assent in form",
                reveals="Origin papers of the coal",
            ),
        ),
        rival_views=(
            RivalView(
                holder="Kim Jeong-ho",
                text="China signals restraint but lets border trade live.",
                implication="Recorded zeros would mislead.",
                sources=("kim-a", "kim-b"),
            ),
            RivalView(
                holder="A commentator",
                text="Russia undermines the pressure on purpose.",
                implication="Backfill would grow tenfold.",
                sources=("anon",),
            ),
        ),
        assumptions=(
            Assumption(
                id="tables",
                text="China publishes monthly tables as before.",
                if_wrong="Recorded judgments cannot be settled.",
                support="Published since 2014",
            ),
            Assumption(
                id="rail",
                text="The Rajin line takes no North Korean coal.",
                if_wrong="Backfill is understated.",
            ),
        ),
        gaps=("Crude oil by pipeline is not recorded.", "Ship transfers are seen by chance only."),
        events=(
            Event(
                on=date(2017, 8, 5),
                text="The Council adopts Resolution 2371.",
                sources=("res2371",),
            ),
            Event(on=date(2017, 8, 14), text="China issues Announcement 40.", sources=("kim-a",)),
        ),
        sources=sources(),
        caveats=("BACI is a later reconciled vintage of periods before the as-of date.",),
        manifest=Manifest(
            case_sha256="d4" * 32,
            seed=1,
            inputs=(SAMPLE, LAW),
            versions={"python": "3.11.9", "tumen": "0.1.0"},
        ),
    )
