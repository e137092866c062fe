"""Render macros of the project without a dbt run: dbt's own Jinja, and of its context what the macros use.

That this gives the same text as dbt is itself tested (test_editering.py).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from dbt_common.clients.jinja import CallableMacroGenerator, extract_toplevel_blocks
from dbt_common.exceptions import CompilationError
from dbt_common.exceptions.macros import MacroReturn


@dataclass(frozen=True)
class _Macro:
    name: str
    macro_sql: str


class Macros:
    """The macros of some folders, for one engine; `change` makes another text of a file."""

    def __init__(
        self,
        folders: list[Path],
        engine: str,
        change: Callable[[Path, str], str] | None = None,
        variables: dict[str, object] | None = None,
    ):
        self.engine = engine
        context = {"return": _return, "adapter": self, "exceptions": self, "modules": SimpleNamespace(re=re)}
        context["var"] = lambda name, default: (variables or {}).get(name, default)
        self._macros = {}
        for path in sorted(path for folder in folders for path in folder.glob("*.sql")):
            text = path.read_text(encoding="utf-8")
            text = change(path, text) if change else text
            for block in extract_toplevel_blocks(text, allowed_blocks={"macro"}, collect_raw_data=False):
                macro = _Macro(block.block_name, block.full_block)
                self._macros[macro.name] = CallableMacroGenerator(macro, context)
        context.update(self._macros)

    def __getitem__(self, name: str) -> Callable[..., str]:
        return self._macros[name]

    def dispatch(self, name: str, package: str) -> Callable[..., str]:
        """As adapter.dispatch: the version of the engine."""
        return self._macros[f"{self.engine}__{name}"]

    @staticmethod
    def raise_compiler_error(message: str) -> None:
        """As exceptions.raise_compiler_error."""
        raise CompilationError(message)


def _return(value: object) -> None:
    raise MacroReturn(value)
