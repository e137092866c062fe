"""What is wrong with a delivery: one sentence per problem, collected before anything is refused."""

from collections.abc import Iterable

from scripts.errors import UserError

SHOWN = 10
NAMES_SHOWN = 10


class DeliveryError(UserError):
    """All problems found in one delivery."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(_message(problems))


class Problems:
    """Collects the problems of one file; each sentence starts with the name of the file."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[str] = []

    def add(self, sentence: str, where: str = "") -> None:
        """where: the place inside the file, such as 'line 7' or "sheet 'svar', cell B2"."""
        place = f"{self.name}, {where}" if where else self.name
        self.found.append(f"{place}: {sentence}.")

    def stop(self, sentence: str, where: str = "") -> DeliveryError:
        """Add a problem after which reading on makes no sense: `raise problems.stop(...)`."""
        self.add(sentence, where)
        return DeliveryError(self.found)

    def check(self) -> None:
        if self.found:
            raise DeliveryError(self.found)


def _message(problems: list[str]) -> str:
    if len(problems) == 1:
        return problems[0]
    lines = [f"{len(problems)} problems found, nothing was read in:", *problems[:SHOWN]]
    if len(problems) > SHOWN:
        lines.append(f"and {len(problems) - SHOWN} more.")
    return "\n  ".join(lines)


def listed(names: Iterable[str], word: str = "and") -> str:
    """'a', 'a and b', 'a, b and c'."""
    items = list(names)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def shortened(names: Iterable[str]) -> list[str]:
    """The first names, and how many more there are: a sentence is no list of twenty thousand columns."""
    items = list(names)
    more = len(items) - NAMES_SHOWN
    return items if more <= 0 else [*items[:NAMES_SHOWN], f"{more} more"]


def counted(number: int, noun: str) -> str:
    """'1 cell', '2 cells'."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def quoted(text: str, longest: int = 40) -> str:
    """A delivered text inside a sentence: quoted, on one line, not too long."""
    return repr(text if len(text) <= longest else text[: longest - 1] + "…")
