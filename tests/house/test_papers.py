"""Papers: glossary, changelog, lock, licence, links between pages."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

WORDS = ("regime", "trade", "monitor", "impact", "strategy", "evidence", "assess", "brief")
TAGS = {
    *WORDS,
    "core",
    "numerics",
    "case",
    "cli",
    "web",
    "run.py",
    "docs",
    "cases",
    "tests",
    "data",
}


def markdown_files(project: Path) -> list[Path]:
    """The project's own pages."""
    return [*project.glob("*.md"), *(project / "docs").rglob("*.md")]


def test_each_line_of_the_changelog_names_its_room(project: Path) -> None:
    lines = (project / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    entries = [line for line in lines if line.startswith("- ")]
    assert entries
    for line in entries:
        tags = line[2:].split(":", 1)[0]
        assert set(re.split(r", | and ", tags)) <= TAGS, line


def test_the_glossary_is_in_order_and_names_a_term_once(project: Path) -> None:
    text = (project / "docs/reference/glossary.md").read_text(encoding="utf-8")
    terms = [match[1] for match in re.finditer(r"(?m)^\*\*(.+?)\*\*", text)]
    assert len(terms) > 10
    folded = [term.casefold() for term in terms]
    assert folded == sorted(folded)
    assert len(set(folded)) == len(folded)


def test_one_word_stands_in_its_places(project: Path) -> None:
    """A room is a package, a command, a test folder and a page."""
    for word in WORDS:
        assert (project / f"src/tumen/{word}/__init__.py").exists(), word
        assert (project / f"src/tumen/cli/{word}.py").exists(), word
        assert list((project / f"tests/{word}").glob("test_*.py")), word
        assert (project / f"docs/explanation/{word}.md").exists(), word


def test_every_relative_link_of_a_page_leads_somewhere(project: Path) -> None:
    dead = [
        f"{page.relative_to(project)}: {target}"
        for page in markdown_files(project)
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith("mailto:")
        if not (page.parent / target).exists()
    ]
    assert not dead, "\n".join(dead)


def test_every_page_under_docs_can_be_reached_from_the_menu(project: Path) -> None:
    menu = (project / "mkdocs.yml").read_text(encoding="utf-8")
    pages = (str(p.relative_to(project / "docs")) for p in (project / "docs").rglob("*.md"))
    missing = [page for page in pages if page not in menu]
    assert not missing, missing


def test_decisions_are_numbered_once(project: Path) -> None:
    numbers = [file.name[:4] for file in (project / "docs/decisions").glob("[0-9]*.md")]
    assert len(set(numbers)) == len(numbers), sorted(numbers)


def test_the_lock_pins_with_hashes_and_names_no_host(project: Path) -> None:
    text = (project / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    blocks = re.split(r"(?m)^(?=[a-z])", text)[1:]
    assert len(blocks) > 20
    for block in blocks:
        assert re.match(r"[a-z0-9-]+==\S+", block), block[:60]
        assert "--hash=sha256:" in block, block[:60]


def test_the_lock_holds_what_the_project_asks_for(project: Path) -> None:
    asked = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = asked["optional-dependencies"]
    wanted = [*asked["dependencies"], *extras["build"], *extras["test"]]
    named = [re.split(r"[><=\[; ]", line)[0] for line in wanted]
    locked = (project / "requirements.lock").read_text(encoding="utf-8")
    assert len(named) > 15
    for name in named:
        assert re.search(rf"(?m)^{name.lower()}==", locked), name


def test_the_licence_is_whole(project: Path) -> None:
    text = (project / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_data_of_others_is_named_in_the_notice(project: Path) -> None:
    text = (project / "NOTICE").read_text(encoding="utf-8")
    for owner in ("CEPII", "OECD"):
        assert owner in text
