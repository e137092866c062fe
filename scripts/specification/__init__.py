"""The specification of the rules: a page per rule, a list of them, and everything in one Markdown file."""

import json
from pathlib import Path

from scripts import pages, paths, rules
from scripts.specification.content import Specification, gather
from scripts.specification.words import WORDS

FOLDER = "regler"
MARKDOWN = "kontrollspesifikasjon.md"
BANNER = (
    "Syntetiske data: utslagene gjelder ingen virkelig kommune.",
    "Synthetic data: no finding is about a real municipality.",
)


def write(root: Path, site: Path) -> Path:
    """Write the specification beside dbt's documentation; gives the page to begin with.

    It is that of the published warehouse and of the manifest that dbt wrote for its documentation.
    """
    manifest = json.loads((root / "target" / "docs" / "manifest.json").read_text(encoding="utf-8"))
    found = gather(rules.read(), manifest, root / "warehouse" / paths.WAREHOUSE.name)
    pages.write(site, FOLDER, render(found))
    return site / FOLDER / "index.html"


def render(found: Specification) -> dict[str, str]:
    """Every page by its path from the site's folder."""
    environment = pages.environment(Path(__file__).parent, BANNER if found.synthetic else None)
    environment.filters["md"] = rules.markdown
    environment.globals |= {"words": WORDS, "folder": FOLDER, "markdown_file": MARKDOWN}
    page = environment.get_template("rule.html")
    entries = found.entries
    written = {
        f"{FOLDER}/index.html": environment.get_template("index.html").render(specification=found),
        MARKDOWN: environment.get_template("specification.md").render(specification=found),
    }
    for place, entry in enumerate(entries):
        written[f"{FOLDER}/{entry.number}.html"] = page.render(
            specification=found,
            entry=entry,
            before=entries[place - 1] if place else None,
            after=entries[place + 1] if place + 1 < len(entries) else None,
        )
    return written
