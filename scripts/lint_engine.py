"""Find what ties the SQL to one engine, to the clock or to chance.

The models must build on DuckDB and PostgreSQL, later on Spark, with the same figures. What differs between
the engines stands in macros/engine/, behind a macro with one version per engine; everywhere else only what
all three know is allowed. So every function called must be on a list, and engine-only syntax is named.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts import yaml_lines

ENGINE_FOLDER = Path("macros/engine")
FOLDERS = ("models", "tests", "macros")
MACRO_TESTS = Path("tests/makroer")
ENGINES = ("duckdb", "postgres")

_MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)")
_DISPATCH = re.compile(r"adapter\.dispatch\('(\w+)'[^)]*\)(\([^)]*\))")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Functions that DuckDB, PostgreSQL and Spark have under the same name with the same meaning.
PORTABLE = _words(
    """
    abs avg bool_and bool_or cast ceil ceiling char_length coalesce concat concat_ws corr count
    cume_dist date_trunc dense_rank exp extract first_value floor greatest lag last_value lead least
    left length ln log10 lpad max md5 min mod nth_value ntile nullif overlay percent_rank
    percentile_disc position power rank replace reverse right round row_number rpad
    sign split_part sqrt stddev_pop stddev_samp substring sum translate var_pop
    var_samp
    """
)

# Words that stand before a parenthesis without being a function: keywords and types.
NOT_FUNCTIONS = _words(
    """
    all and any as between by case char check constraint decimal distinct else end except exists filter
    from group having in inner intersect is join key like materialized not numeric on or order over
    partition primary recursive select set some then union unique using values varchar when where with
    within
    """
)

# What to write instead, for the functions people reach for.
INSTEAD = {
    "any_value": "min() or max(), which do not depend on the order of rows",
    "arg_max": "row_number() in a CTE",
    "arg_min": "row_number() in a CTE",
    "bool": "cast(... as boolean)",
    "current_date": "a column or variable: a figure must not depend on the day it is made",
    "date_diff": "a macro in macros/engine/",
    "date_part": "extract(... from ...)",
    "first": "min(), or row_number() in a CTE",
    "glob": "a source in _sources.yml",
    "ifnull": "coalesce()",
    "lower": "translate() over the letters that occur: what is a small letter depends on the database",
    "last": "max(), or row_number() in a CTE",
    "listagg": "{{ tekstliste(...) }}",
    "ltrim": "{{ trimmet(...) }}",
    "median": "{{ persentil(..., 0.5) }}",
    "month": "extract(month from ...)",
    "now": "a column or variable: a figure must not depend on the day it is made",
    "nvl": "coalesce()",
    "percentile_cont": "{{ persentil(...) }}",
    "quantile_cont": "{{ persentil(...) }}",
    "random": "nothing: a figure must not depend on chance",
    "read_csv": "a source in _sources.yml",
    "read_parquet": "a source in _sources.yml",
    "regexp_extract": "a macro in macros/engine/",
    "rtrim": "{{ trimmet(...) }}",
    "sha256": "{{ sha256(...) }}",
    "strftime": "extract(... from ...), or a macro in macros/engine/",
    "string_agg": "{{ tekstliste(...) }}",
    "substr": "substring()",
    "trim": "{{ trimmet(...) }}",
    "try_cast": "{{ heltall(...) }} or {{ dato(...) }}, or another macro in macros/engine/",
    "upper": "translate() over the letters that occur: what is a capital depends on the database",
    "uuid": "a key from the data",
    "year": "extract(year from ...)",
}

# (pattern, what was found, what to write instead)
SYNTAX = [
    (r"::", "a cast with ::", "cast(... as ...)"),
    (r"\bqualify\b", "qualify", "row_number() in a CTE and a where after it"),
    (r"\*\s*(?:exclude|replace|rename)\b", "a star with exceptions", "the list of columns"),
    (r"\b(?:group|order)\s+by\s+all\b", "group by all or order by all", "the list of columns"),
    (r"\basof\b", "an asof join", "row_number() in a CTE"),
    (r"\b(?:anti|semi)\s+join\b", "an anti or semi join", "exists or not exists"),
    (r"\bpositional\s+join\b", "a positional join", "a join on a key"),
    (r"\bdistinct\s+on\b", "distinct on", "row_number() in a CTE and a where after it"),
    (r"\bby\s+name\b", "union by name", "union all with the columns listed"),
    (r"(?<![\w)])(?:un)?pivot\b", "pivot or unpivot", "one aggregate per column, or union all"),
    (
        r"\b(?:using|table)\s*sample\b|\btablesample\b",
        "a sample",
        "nothing: a figure must not depend on chance",
    ),
    (r"//", "integer division with //", "{{ heltallsdeling(...) }}"),
    (
        r"(?<!/)/(?!/)",
        "a division, which cuts whole numbers on one engine and not on the other",
        "{{ andel(...) }} or {{ heltallsdeling(...) }}",
    ),
    (r"\bdesc\b(?!\s+nulls\b)", "desc, where the engines place nulls differently", "desc nulls last"),
    (r"->", "a lambda or an arrow", "a macro in macros/engine/"),
    (r"\[", "a list or an index", "rows, or a macro in macros/engine/"),
    (r"\bfrom\s+'", "a file read by its name", "a source in _sources.yml"),
    (
        r"\b(?:current_date|current_timestamp|localtimestamp|localtime|current_time)\b",
        "the clock",
        "a column or variable: a figure must not depend on the day it is made",
    ),
    (r"\bnot\s*\(", "not (...), where NULL passes", "(...) is not true"),
]

# In Jinja code, outside its strings.
JINJA = [
    (r"\brun_started_at\b|\bmodules\.datetime\b", "the clock", "a variable"),
    (r"\|\s*random\b|\bmodules\.random\b", "chance", "nothing: a figure must not depend on chance"),
]

_PARTS = re.compile(
    r"""
      (?P<jinja_comment> \{\#.*?\#\} )
    | (?P<jinja> \{\{.*?\}\} | \{%.*?%\} )
    | (?P<line_comment> --[^\n]* )
    | (?P<block_comment> /\*.*?\*/ )
    | (?P<string> '(?:[^']|'')*' )
    """,
    re.DOTALL | re.VERBOSE,
)
_JINJA_STRING = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""", re.DOTALL)
_CALL = re.compile(r'(?<![\w."])([a-z_][a-z0-9_]*)\s*\(', re.IGNORECASE)
# A name with its columns, which looks like a call: `with tall (a, b) as (` and `... as tall (a, b)`.
_NAME_WITH_COLUMNS = re.compile(
    r"(?:\bwith|\brecursive|,)\s+(\w+)\s*\([\w\s,]*\)\s+as\s*\(|\)\s*as\s+(\w+)\s*\(", re.IGNORECASE
)


@dataclass(frozen=True, order=True)
class Finding:
    """One thing at one place."""

    file: str
    line: int
    found: str
    instead: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.found}; use {self.instead}"


def lint(root: Path) -> list[Finding]:
    """All findings in the SQL of a project, in the SQL that stands in its YAML, and in the engine macros."""
    findings = list(lint_dispatch(root))
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            file = path.relative_to(root)
            if file.is_relative_to(ENGINE_FOLDER):
                continue
            if path.suffix == ".sql":
                findings += lint_sql(str(file), path.read_text(encoding="utf-8"))
            elif path.suffix in (".yml", ".yaml"):
                findings += lint_yaml(str(file), path.read_text(encoding="utf-8"))
    return sorted(set(findings))


def lint_dispatch(root: Path) -> Iterator[Finding]:
    """Engine macros that lack a version, a description or, where they give a value, a test."""
    sources = {
        path: path.read_text(encoding="utf-8") for path in sorted((root / ENGINE_FOLDER).glob("*.sql"))
    }
    defined = {name for text in sources.values() for name in _MACRO.findall(text)}
    described = "".join(path.read_text(encoding="utf-8") for path in (root / ENGINE_FOLDER).glob("*.yml"))
    tests = "".join(path.read_text(encoding="utf-8") for path in (root / MACRO_TESTS).glob("*.sql"))
    for path, text in sources.items():
        for match in _DISPATCH.finditer(text):
            name, has_arguments = match[1], match[2] != "()"
            missing = [
                f"a version for {engine} ({engine}__{name})"
                for engine in ENGINES
                if f"{engine}__{name}" not in defined
            ]
            if not re.search(rf"^  - name: {name}$", described, re.MULTILINE):
                missing.append("a description")
            if has_arguments and not re.search(rf"\b{name}\(", tests):
                missing.append(f"a test in {MACRO_TESTS}")
            for what in missing:
                file = str(path.relative_to(root))
                yield _finding(
                    file,
                    text,
                    match.start(),
                    f"the macro {name} lacks {what}",
                    "macros that are the same on every engine",
                )


def lint_yaml(file: str, text: str) -> list[Finding]:
    """Findings in the SQL of a YAML file: expressions, conditions and the SQL rows of unit tests."""
    return [
        Finding(file, line + finding.line - 1, finding.found, finding.instead)
        for key, value, line in yaml_lines.scalars(text, file)
        if key in ("expression", "where", "rows")
        for finding in lint_sql(file, value)
    ]


def lint_sql(file: str, text: str) -> list[Finding]:
    """Findings in one SQL file with Jinja."""
    sql, jinja = _separate(text)
    findings = [_finding(file, text, *hit) for hit in _syntax(sql, SYNTAX)]
    findings += [_finding(file, text, *hit) for hit in _syntax(jinja, JINJA)]
    findings += [_finding(file, text, *hit) for hit in _functions(sql)]
    return sorted(set(findings))


def _finding(file: str, text: str, position: int, found: str, instead: str) -> Finding:
    return Finding(file, text.count("\n", 0, position) + 1, found, instead)


def _syntax(text: str, rules: list[tuple[str, str, str]]) -> Iterator[tuple[int, str, str]]:
    for pattern, found, instead in rules:
        for match in re.finditer(pattern, text, re.IGNORECASE):
            yield match.start(), found, instead


def _functions(sql: str) -> Iterator[tuple[int, str, str]]:
    names = {(match[1] or match[2]).lower() for match in _NAME_WITH_COLUMNS.finditer(sql)}
    for match in _CALL.finditer(sql):
        name = match.group(1).lower()
        if name not in PORTABLE | NOT_FUNCTIONS | names:
            instead = INSTEAD.get(name, "a function that every engine has, or a macro in macros/engine/")
            yield match.start(), f"the function {name}()", instead


def _separate(text: str) -> tuple[str, str]:
    """The SQL and the Jinja code of a file, each in its place with blanks for the rest.

    Comments are in neither. A literal in SQL keeps its quotes only; a string in Jinja may hold SQL and counts
    as such, unless it is the message of a compiler error.
    """
    sql, jinja = [], []
    end = 0
    for part in _PARTS.finditer(text):
        plain = text[end : part.start()]
        sql.append(plain)
        jinja.append(_blank(plain))
        end = part.end()
        if part.lastgroup == "jinja":
            is_message = "raise_compiler_error" in part.group()
            for index, piece in enumerate(_JINJA_STRING.split(part.group())):
                is_string = index % 2 == 1
                sql.append(f" {piece[1:-1]} " if is_string and not is_message else _blank(piece))
                jinja.append(_blank(piece) if is_string else piece)
        else:
            blank = _blank(part.group())
            sql.append(f"'{blank[1:-1]}'" if part.lastgroup == "string" else blank)
            jinja.append(blank)
    sql.append(text[end:])
    jinja.append(_blank(text[end:]))
    return "".join(sql), "".join(jinja)


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
