"""Read YAML and remember on which line everything stands."""

from collections.abc import Iterator, Sequence

import yaml

from scripts.errors import UserError


def load(text: str, file: str) -> object:
    """The content of a YAML file."""
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UserError(_sentence(file, error)) from error


def compose(text: str, file: str) -> yaml.Node | None:
    """The nodes of a YAML file, which know their lines."""
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise UserError(_sentence(file, error)) from error


def line(node: yaml.Node | None, path: Sequence[str | int]) -> int:
    """The line of the key or item at the end of `path`, or of the nearest one above it."""
    found = 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == str(step)), None)
            if pair is None:
                break
            found, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            found = node.start_mark.line + 1
        else:
            break
    return found


def doubled_keys(node: yaml.Node | None) -> Iterator[tuple[str, int]]:
    """Keys that stand twice in one mapping, with the line of the second."""
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                yield key.value, key.start_mark.line + 1
            seen.add(key.value)
            yield from doubled_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from doubled_keys(value)


def scalars(text: str, file: str) -> Iterator[tuple[str, str, int]]:
    """Every single value under a key: key, value, line where the value starts."""

    def walk(node: yaml.Node | None) -> Iterator[tuple[str, str, int]]:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if isinstance(value, yaml.ScalarNode):
                    block = value.style in ("|", ">")
                    yield key.value, value.value, value.start_mark.line + (2 if block else 1)
                else:
                    yield from walk(value)
        elif isinstance(node, yaml.SequenceNode):
            for value in node.value:
                yield from walk(value)

    yield from walk(compose(text, file))


def _sentence(file: str, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"{file}:{mark.line + 1}" if mark else file
    return f"{where}: this is not YAML: {getattr(error, 'problem', None) or error}"
