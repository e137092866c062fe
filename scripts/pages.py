"""What the generated pages of the documentation share: the environment of the templates, and the writing."""

from pathlib import Path
from urllib.parse import quote

import jinja2

from scripts.fields import write_text
from scripts.headline import number

SHARED = Path(__file__).parent / "templates"


def environment(package: Path, banner: tuple[str, str] | None) -> jinja2.Environment:
    """The templates of a package and the shared ones; a banner (Norwegian, English) stands on every page."""
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader([package / "templates", SHARED]),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters["figure"] = lambda value: "." if value is None else number(value)
    # The site is opened as a file: what stands after # is read by dbt's page.
    found.filters["address"] = lambda value: quote(value, safe="/#!._-")
    found.globals["banner"] = banner
    return found


def write(site: Path, folder: str, pages: dict[str, str]) -> None:
    """Write every page by its path from the site's folder; what is left of earlier ones there goes."""
    for name, text in pages.items():
        write_text(site / name, text)
    for path in (site / folder).iterdir():
        if f"{folder}/{path.name}" not in pages:
            path.unlink()
