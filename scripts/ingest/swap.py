"""Replace a whole folder in one step, so that a reader never meets a half-written one."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.errors import UserError


@contextmanager
def exclusive(folder: Path, shown: str) -> Iterator[None]:
    """Hold the folder while working in it; a second process is refused."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(f"Another ingest is at work in {shown}; expected only one at a time.") from None
        yield
    finally:
        os.close(handle)


@contextmanager
def replaced(target: Path) -> Iterator[Path]:
    """Give an empty folder to fill; it takes the place of target only if the block ends well."""
    new, old = beside(target, "ny"), beside(target, "gammel")
    recover(target)
    new.mkdir()
    try:
        yield new
        if target.exists():
            target.rename(old)
        new.rename(target)
    finally:
        recover(target)


def recover(target: Path) -> None:
    """Clean up after a swap, also an interrupted one: an earlier folder that was moved away comes back."""
    new, old = beside(target, "ny"), beside(target, "gammel")
    if old.exists() and not target.exists():
        old.rename(target)
    for leftover in (new, old):
        if leftover.exists():
            shutil.rmtree(leftover)


def beside(target: Path, word: str) -> Path:
    return target.with_name(f".{target.name}-{word}")
