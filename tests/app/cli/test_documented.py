"""What README and docs/ name is there: commands and their options, settings, targets of make, files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import typer

from app.cli.main import cli
from app.settings import Settings

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
ROOMS = "app|benchmarks|docs|examples|feature_repo|graphs|retrievers|tests|tools"

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def _commands(text: str) -> Iterator[str]:
    """What stands after `shelfwise` on a line or between backticks, up to a comment or a cell's end."""
    for found in re.finditer(r"(?:^|`)[^`\n#|]*?\bshelfwise ([a-z][^`\n#|]*)", text.replace("\\\n", " "), re.MULTILINE):
        yield found[1].strip()


def _unknown(words: Sequence[str]) -> set[str]:
    """Words that lead to no command, and options that the command does not have."""
    command: Any = typer.main.get_command(cli)
    rest = list(words)
    while rest and rest[0] in getattr(command, "commands", {}):
        command = command.commands[rest.pop(0)]
    if hasattr(command, "commands"):
        return set() if not rest or rest[0] in (".", "...") else {rest[0]}
    known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)} | {"--data"}
    return {option for word in rest for option in re.findall(r"--[a-z][a-z-]*", word)} - known


def test_the_pages_show_commands() -> None:
    shown = [command for page in PAGES for command in _commands(page.read_text(encoding="utf-8"))]
    assert len(shown) > 60
    assert _unknown(["ask", "a question", "--nobody"]) == {"--nobody"}
    assert _unknown(["eval", "nothing"]) == {"nothing"}


@every_page
def test_commands_and_their_options_exist(page: Path) -> None:
    wrong = {command: _unknown(command.split()) for command in _commands(page.read_text(encoding="utf-8"))}
    assert {command: found for command, found in wrong.items() if found} == {}


@every_page
def test_settings_and_targets_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    settings = {name.upper() for name in Settings.model_fields}
    assert set(re.findall(r"SHELFWISE_([A-Z_]+)", text)) <= settings
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)", text, re.MULTILINE)) <= {
        pair for target in targets for pair in ((target, ""), ("", target))
    }


@every_page
def test_links_and_paths_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [a or b for a, b in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)|src=\"([^\"]+)\"", text)]
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []
    paths = re.findall(rf"`((?:{ROOMS})/[\w./*-]+)`", text)
    assert [path for path in paths if not list(ROOT.glob(path))] == []
