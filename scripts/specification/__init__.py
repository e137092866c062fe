"""The specification of the rules: a page per rule, a list of them, and everything in one Markdown file."""

import json
from pathlib import Path
from urllib.parse import quote

import jinja2

from scripts import paths, rules
from scripts.fields import write_text
from scripts.headline import number
from scripts.specification.content import Specification, gather
from scripts.specification.words import WORDS

FOLDER = "regler"
MARKDOWN = "kontrollspesifikasjon.md"


def write(root: Path, site: Path) -> Path:
    """Write the specification beside dbt's documentation; gives the page to begin with.

    It is that of the published warehouse and of the manifest that dbt wrote for its documentation.
    """
    manifest = json.loads((root / "target" / "docs" / "manifest.json").read_text(encoding="utf-8"))
    found = gather(rules.read(), manifest, root / "warehouse" / paths.WAREHOUSE.name)
    pages = render(found)
    for name, text in pages.items():
        write_text(site / name, text)
    for path in (site / FOLDER).iterdir():
        if f"{FOLDER}/{path.name}" not in pages:
            path.unlink()
    return site / FOLDER / "index.html"


def render(found: Specification) -> dict[str, str]:
    """Every page by its path from the site's folder."""
    environment = _environment()
    page = environment.get_template("rule.html")
    entries = found.entries
    pages = {
        f"{FOLDER}/index.html": environment.get_template("index.html").render(specification=found),
        MARKDOWN: environment.get_template("specification.md").render(specification=found),
    }
    for place, entry in enumerate(entries):
        pages[f"{FOLDER}/{entry.number}.html"] = page.render(
            specification=found,
            entry=entry,
            before=entries[place - 1] if place else None,
            after=entries[place + 1] if place + 1 < len(entries) else None,
        )
    return pages


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["md"] = rules.markdown
    environment.filters["figure"] = lambda value: "." if value is None else number(value)
    # The site is opened as a file: what stands after # is read by dbt's page.
    environment.filters["address"] = lambda value: quote(value, safe="/#!._-")
    environment.globals["words"] = WORDS
    environment.globals["folder"] = FOLDER
    environment.globals["markdown_file"] = MARKDOWN
    return environment
