"""The editing macros: right on each engine, the same by dbt, and a broken one is noticed."""

import shutil
from contextlib import closing

import duckdb
import numpy as np
import pandas as pd
import pytest
from dbt_common.exceptions import CompilationError
from editering_checks import CHECKS, Bench, shuffled, two_figures
from macro_rendering import Macros
from mutasjoner import DATABASE, dbt

from scripts import paths
from scripts.postgres.server import connect

FOLDERS = [paths.ROOT / "macros" / "engine", paths.ROOT / "macros" / "editering"]
ENGINES = ("duckdb", "postgres")


@pytest.fixture(scope="module")
def duckdb_cursor():
    with duckdb.connect() as connection:
        yield connection


@pytest.fixture(scope="module")
def postgres_cursor(postgres_server):
    with closing(connect(postgres_server)) as connection, connection.cursor() as cursor:
        cursor.execute("create schema editering")
        cursor.execute("set search_path to editering")
        yield cursor


@pytest.fixture(params=ENGINES)
def bench(request):
    return Bench(request.getfixturevalue(f"{request.param}_cursor"), Macros(FOLDERS, request.param))


@pytest.mark.parametrize("macro", CHECKS)
def test_the_macro_agrees_with_another_program(bench, macro):
    CHECKS[macro](bench)


# The same on every engine, and by dbt


def calls(macros: Macros) -> dict[str, str]:
    """One query of each macro on `tall`, with every row of its answer."""
    named = {"strata": ["aargang", "gruppe"]}
    return {
        "Hb": macros["Hb"]("tall", ["enhet", "nr"], "naa", "foer", **named, pC=1),
        "ThError": macros["ThError"]("tall", ["enhet", "nr", "aargang", "gruppe"], "naa", "foer"),
        "Quartile": macros["Quartile"]("tall", ["enhet", "nr"], "naa", "foer", **named, pKL=0, pKU=0),
        "Diff2NumVar": macros["Diff2NumVar"]("tall", ["enhet", "nr"], "foer", "naa", **named, antall=9),
        "Rank2NumVar": macros["Rank2NumVar"]("tall", ["enhet", "nr"], "foer", "naa", **named, antall=9),
        "AggrSml2NumVar": macros["AggrSml2NumVar"]("tall", "foer", "naa", **named, datasett=["aargang"]),
        "ImputeHistory": macros["ImputeHistory"]("tall", ["enhet", "nr", "gruppe"], "aargang", "naa"),
        "ImputeRegression": macros["ImputeRegression"](
            "tall", ["enhet", "nr"], "foer", "naa", **named, limitModel=1, limitIterate=1.5, limitImpute=3
        ),
    }


def uneven_figures() -> pd.DataFrame:
    """Figures with decimals that add to other last digits in another order."""
    frame = two_figures(3)
    random = np.random.default_rng(3)
    for name in ("foer", "naa"):
        frame[name] *= random.lognormal(0, 3, len(frame))
    return frame


def bits(rows: list[dict]) -> list[str]:
    return sorted(repr(list(row.items())) for row in rows)


@pytest.mark.parametrize("macro", CHECKS)
def test_the_order_of_rows_moves_no_bit(bench, macro):
    frame = uneven_figures()
    answers = []
    for seed in range(4):
        bench.load(shuffled(frame, seed))
        answers.append(bits(bench.query(calls(bench.macros)[macro])))
    assert answers[0]
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize("macro", CHECKS)
def test_engines_give_the_same(duckdb_cursor, postgres_cursor, macro):
    answers = []
    for engine, cursor in (("duckdb", duckdb_cursor), ("postgres", postgres_cursor)):
        bench = Bench(cursor, Macros(FOLDERS, engine))
        bench.load(uneven_figures())
        answers.append(bits(bench.query(calls(bench.macros)[macro])))
    assert answers[0] == answers[1]


# dbt's small project: the macros and one model of each.
PROJECT = """\
name: kommunale_boliger
version: "1.0.0"
profile: kommunale_boliger
flags:
  send_anonymous_usage_stats: false
  validate_macro_args: true
  require_all_warnings_handled_by_warn_error: true
  warn_error_options:
    error: [InvalidMacroAnnotation]
"""


class Spelled:
    """In place of the macros: the call of a macro as it is written in a model."""

    def __getitem__(self, name: str):
        def call(*arguments, **named):
            given = [*map(repr, arguments), *(f"{key}={value!r}" for key, value in named.items())]
            return f"{{{{ {name}({', '.join(given)}) }}}}"

        return call


def test_dbt_gives_the_same_text(tmp_path):
    for folder in FOLDERS:
        shutil.copytree(folder, tmp_path / "macros" / folder.name)
    shutil.copyfile(paths.ROOT / "profiles.yml", tmp_path / "profiles.yml")
    (tmp_path / "dbt_project.yml").write_text(PROJECT)
    (tmp_path / "models").mkdir()
    for name, text in calls(Spelled()).items():
        (tmp_path / "models" / f"{name}.sql").write_text(text)
    (tmp_path / DATABASE).parent.mkdir()
    results, output = dbt(tmp_path, "compile")
    compiled = {key.split(".")[2]: result["compiled_code"] for key, result in results.items()}
    expected = calls(Macros(FOLDERS, "duckdb"))
    assert {name: sql.strip() for name, sql in compiled.items()} == {
        name: sql.strip() for name, sql in expected.items()
    }, output


@pytest.mark.parametrize("name", ["enheter", "enheter_0", "tall", "par"])
def test_a_query_is_a_cte_and_reads_one(bench, name):
    """Also where the CTE it reads has the name of one of its own."""
    bench.load(two_figures(1))
    relation = f"{name}_inn" if name == "tall" else name
    for macro, sql in calls(bench.macros).items():
        nested = sql.replace("from tall as", f"from {relation} as")
        assert nested != sql
        found = bench.query(f"with {relation} as (select * from tall), svar as ({nested}) select * from svar")
        assert bits(found) == bits(bench.query(sql)), macro


def test_a_relation_may_be_a_select(bench):
    frame = two_figures(1)
    bench.load(frame)
    sql = bench.macros["AggrSml2NumVar"]("(select * from tall where foer > 1)", "foer", "naa")
    assert [row["antall_x"] for row in bench.query(sql)] == [int((frame["foer"] > 1).sum())]


PAIR = ("tall", ["id"], "a", "b")
LISTE = "must be a list of column names, as ['enhet_nr'], found"
BAD = [
    ("Hb", ("tall", "id", "a", "b"), {}, f"Hb: id {LISTE} 'id'."),
    ("Hb", ("tall", None, "a", "b"), {}, f"Hb: id {LISTE} 'None'."),
    ("Hb", ("tall", [], "a", "b"), {}, "Hb: id must name at least one column, found an empty list."),
    ("Hb", ("tall", ["id", 3], "a", "b"), {}, "Hb: id must name a column, found '3'."),
    ("Hb", PAIR, {"strata": "aar"}, f"Hb: strata {LISTE} 'aar'."),
    ("Hb", PAIR, {"strata": {"aar": 1}}, f"Hb: strata {LISTE} '{{'aar': 1}}'."),
    ("Hb", ("tall", ["id"], ["a"], "b"), {}, "Hb: x1 must name a column, found '['a']'."),
    ("Hb", ("tall", ["id"], "a", " "), {}, "Hb: x2 must name a column, found ' '."),
    ("Hb", PAIR, {"pU": 1.5}, "Hb: pU must be a number of at least 0 and at most 1, found '1.5'."),
    ("Hb", PAIR, {"pA": -0.1}, "Hb: pA must be a number of at least 0 and at most 1, found '-0.1'."),
    ("Hb", PAIR, {"pC": "20"}, "Hb: pC must be a number of at least 0, found '20'."),
    ("Hb", PAIR, {"pC": True}, "Hb: pC must be a number of at least 0, found 'True'."),
    (
        "Hb",
        ("tall", ["Forhold"], "a", "b"),
        {},
        "Hb: the column Forhold has the name of a column that the macro makes; give it another.",
    ),
    ("ThError", PAIR, {"ll": 1}, "ThError: ll must be a number of at least -3 and at most 0, found '1'."),
    ("ThError", PAIR, {"ul": 4}, "ThError: ul must be a number of at least 0 and at most 3, found '4'."),
    ("ThError", ("tall", ["id"], 1, "b"), {}, "ThError: x1 must name a column, found '1'."),
    ("Quartile", PAIR, {"pKL": -1}, "Quartile: pKL must be a number of at least 0, found '-1'."),
    ("Quartile", PAIR, {"pKU": None}, "Quartile: pKU must be a number of at least 0, found 'None'."),
    ("Quartile", ("tall", ["id"], "a", None), {}, "Quartile: y1 must name a column, found 'None'."),
    (
        "Diff2NumVar",
        PAIR,
        {"antall": 0},
        "Diff2NumVar: antall must be a whole number of at least 1, found '0'.",
    ),
    (
        "Diff2NumVar",
        PAIR,
        {"antall": 2.5},
        "Diff2NumVar: antall must be a whole number of at least 1, found '2.5'.",
    ),
    ("Diff2NumVar", PAIR, {"grense": -1}, "Diff2NumVar: grense must be a number of at least 0, found '-1'."),
    ("Diff2NumVar", PAIR, {"datasett": "aar"}, f"Diff2NumVar: datasett {LISTE} 'aar'."),
    ("Diff2NumVar", PAIR, {"datasett": ["x"]}, "Diff2NumVar: the column x has the name of a column that"),
    (
        "Rank2NumVar",
        PAIR,
        {"antall": -5},
        "Rank2NumVar: antall must be a whole number of at least 1, found '-5'.",
    ),
    ("Rank2NumVar", PAIR, {"grense": "9"}, "Rank2NumVar: grense must be a number of at least 0, found '9'."),
    ("Rank2NumVar", PAIR, {"identiske": 1}, "Rank2NumVar: identiske must be true or false, found '1'."),
    ("AggrSml2NumVar", ("tall", "a", "b"), {"strata": "g"}, f"AggrSml2NumVar: strata {LISTE} 'g'."),
    ("AggrSml2NumVar", ("tall", "a", "b"), {"datasett": 1}, f"AggrSml2NumVar: datasett {LISTE} '1'."),
    ("AggrSml2NumVar", ("tall", "a", "b"), {"strata": ["sum_x"]}, "AggrSml2NumVar: the column sum_x has the"),
    ("AggrSml2NumVar", ("tall", "a", ["b"]), {}, "AggrSml2NumVar: y must name a column, found '['b']'."),
    (
        "AggrSml2NumVar",
        ("tall", "a", "b"),
        {"identiske": "ja"},
        "AggrSml2NumVar: identiske must be true or false, found 'ja'.",
    ),
    (
        "ImputeHistory",
        ("tall", ["id", "aar"], "aar", "b"),
        {},
        "ImputeHistory: id must be the unit without its period, found 'aar' in it.",
    ),
    ("ImputeHistory", ("tall", ["id"], ["aar"], "b"), {}, "ImputeHistory: periode must name a column, found"),
    ("ImputeHistory", ("tall", ["id"], "x", "b"), {}, "ImputeHistory: the column x has the name of a column"),
    (
        "ImputeRegression",
        PAIR,
        {"method": "ordinary"},
        "ImputeRegression: method must be 'ratio', the only model here, found 'ordinary'.",
    ),
    (
        "ImputeRegression",
        PAIR,
        {"limitModel": -1},
        "ImputeRegression: limitModel must be a number of at least 0, found '-1'.",
    ),
    (
        "ImputeRegression",
        PAIR,
        {"limitIterate": 2},
        "ImputeRegression: limitIterate must be a number of at least 2.5, found '2'.",
    ),
    (
        "ImputeRegression",
        PAIR,
        {"limitImpute": 2},
        "ImputeRegression: limitImpute must be a number of at least 2.5, found '2'.",
    ),
    (
        "ImputeRegression",
        PAIR,
        {"runder": 11},
        "ImputeRegression: runder must be a whole number of at least 0 and at most 10, found '11'.",
    ),
    ("ImputeRegression", PAIR, {"strata": "g"}, f"ImputeRegression: strata {LISTE} 'g'."),
]


@pytest.mark.parametrize(("macro", "arguments", "named", "message"), BAD)
def test_a_bad_argument_is_one_sentence(macro, arguments, named, message):
    with pytest.raises(CompilationError) as error:
        Macros(FOLDERS, "duckdb")[macro](*arguments, **named)
    assert str(error.value.msg).startswith(message)


# What breaks a macro must break its check: file, what is changed, the change. Each stands once in its file.
BROKEN = [
    ("Hb", "x1 > 0 and x2 > 0 and", "x1 >= 0 and x2 > 0 and"),
    ("Hb", "2 * antall_like < antall_par", "2 * antall_like <= antall_par"),
    ("Hb", "when x1 > 0 and x1 = x2 then", "when x1 = x2 then"),
    ("Hb", "sum(case when x1 > 0 and x2 > 0 then", "sum(case when true then"),
    ("Hb", "persentil('forhold', 0.5)", "persentil('forhold', 0.45)"),
    ("Hb", "sammenlignet.forhold >= medianer", "sammenlignet.forhold < medianer"),
    ("Hb", "* power(sammenlignet.maks_x, {{ p_u }}) as avstand", "as avstand"),
    ("Hb", "persentil('avstand', 0.25)", "persentil('avstand', 0.3)"),
    ("Hb", "persentil('avstand', 0.75)", "persentil('avstand', 0.7)"),
    ("Hb", "midtre - nedre, case when midtre <> 0", "midtre - nedre, case when midtre = 0"),
    ("Hb", "oevre - midtre, case when midtre <> 0", "oevre - midtre, case when midtre = 0"),
    ("Hb", "midtre - {{ p_c }}", "nedre - {{ p_c }}"),
    ("Hb", "forhold > oevre_grense", "forhold >= oevre_grense * 0.9"),
    ("Hb", "forhold < nedre_grense or", "false or"),
    ("Hb", "case when forhold is not null then median_forhold end", "median_forhold"),
    ("ThError", "x1 > 0 and x2 > 0 then", "x1 > 0 and x2 > 1 then"),
    ("ThError", "differanse_log10 < {{ editering_flyttall(ll) }}", "differanse_log10 < -2.5"),
    ("ThError", "differanse_log10 > {{ editering_flyttall(ul) }}", "false"),
    ("Quartile", "x1 > 0 and y1 > 0", "x1 >= 0 and y1 > 0"),
    ("Quartile", "persentil('forhold', 0.75)", "persentil('forhold', 0.74)"),
    ("Quartile", "(kvartiler.midtre - kvartiler.nedre)", "(kvartiler.oevre - kvartiler.midtre)"),
    ("Quartile", "forhold > oevre_grense", "forhold > nedre_grense"),
    ("Quartile", "ordnet_sum('case when forhold is not null then x1 end')", "ordnet_sum('x1')"),
    ("Diff2NumVar", "{{ y }} is not null", "true"),
    ("Diff2NumVar", "order by abs(differanse)", "order by differanse"),
    ("Diff2NumVar", "nulls last, abs(x), ", "nulls last, "),
    ("Diff2NumVar", "rangert.rang <= {{ antall }}", "rangert.rang < {{ antall }}"),
    ("Diff2NumVar", "abs(rangert.differanse) > {{ editering", "abs(rangert.differanse) >= {{ editering"),
    ("Diff2NumVar", "{{ editering_nummer(datasett) }} as", "1 as"),
    ("Diff2NumVar", "{{ ordnet_sum('differanse') }}", "{{ ordnet_sum('abs(differanse)') }}"),
    ("Rank2NumVar", "order by x desc nulls last, y desc nulls last", "order by x desc nulls last, y"),
    ("Rank2NumVar", "order by y desc nulls last, x desc", "order by y nulls last, x desc"),
    ("Rank2NumVar", "rangert.rang_x <= {{ antall }} or", "rangert.rang_x <= {{ antall }} and"),
    ("Rank2NumVar", "rangert.x > {{", "rangert.x >= {{"),
    ("Rank2NumVar", "{%- if identiske %}", "{%- if not identiske %}"),
    ("AggrSml2NumVar", "count(y) as antall_y", "count(*) as antall_y"),
    ("AggrSml2NumVar", "case when {{ y }} is not null then", "case when true then"),
    (
        "AggrSml2NumVar",
        "strata.sum_y - strata.sum_x as differanse",
        "strata.sum_x - strata.sum_y as differanse",
    ),
    ("AggrSml2NumVar", "'strata.sum_x', 'datasett.sum_x'", "'strata.sum_x', 'datasett.sum_y'"),
    ("ImputeHistory", "and 1 preceding", "and current row"),
    (
        "ImputeHistory",
        "partition by enhet_lnr order by {{ periode }}) as nummer",
        "order by enhet_lnr) as nummer",
    ),
    ("ImputeHistory", "where y is not null", "where y > 0"),
    ("ImputeHistory", "coalesce(talt.y, kjente.x)", "coalesce(kjente.x, talt.y)"),
    ("ImputeHistory", "then 3 else 0", "then 3 else 3"),
    ("ImputeRegression", "{{ x }} > 0 and {{ y }} is not null then true", "{{ y }} is not null then true"),
    ("ImputeRegression", "editering_flyttall(limitIterate)", "editering_flyttall(limitModel)"),
    ("ImputeRegression", "                < 3\n", "                < 2\n"),
    ("ImputeRegression", "from residualer_{{ runde - 1 }}", "from residualer_0"),
    ("ImputeRegression", "i_modell and antall_igjen < 3 then", "i_modell and antall_igjen < 2 then"),
    ("ImputeRegression", "when i_modell and antall_igjen", "when antall_igjen"),
    (
        "ImputeRegression",
        "editering_flyttall(limitImpute) }} then 3",
        "editering_flyttall(limitImpute) }} then 2",
    ),
    ("ImputeRegression", "residual is null and i_modell is false then 2", "residual is null then 2"),
    ("ImputeRegression", "residual is null and i_modell is false then 2", "false then 2"),
    ("ImputeRegression", "kategori = 1 as i_modell", "kategori < 3 as i_modell"),
    ("ImputeRegression", "when x > 0 then beta * x", "when true then beta * x"),
    ("ImputeRegression", "case when kategori = 3 then estimat", "case when y is null then estimat"),
    ("ImputeRegression", "kategori = 3 and estimat is not null", "kategori = 3"),
    ("ImputeRegression", ".i_modell then -1 else 1 end", ".i_modell then 1 else 1 end"),
    ("ImputeRegression", ".i_modell then 2 else 1 end", ".i_modell then 1 else 1 end"),
    ("ImputeRegression", "'avvik * avvik', 'x'", "'avvik * avvik', '1'"),
    ("ImputeRegression", "flyttall(1e-13)", "flyttall(0)"),
    ("ImputeRegression", "flyttall(1e-24)", "flyttall(0)"),
    ("ImputeRegression", "flyttall(1e-13)", "flyttall(1e-3)"),
]
BROKEN_HELPERS = [
    ("Diff2NumVar", 'tegnvis("concat(" ~ kolonne ~ ", \'\')")', "tegnvis(\"concat('', '')\")"),
    ("Hb", "order by {{ kolonner | join(', ') }}", "order by {{ kolonner | first }}"),
    ("ThError", "cast({{ verdi }} as double precision)", "cast({{ verdi }} as decimal(18, 2))"),
]
MUTATIONS = [
    *((macro, f"{macro}.sql", old, new) for macro, old, new in BROKEN),
    *((macro, "editering_felles.sql", old, new) for macro, old, new in BROKEN_HELPERS),
]


@pytest.mark.parametrize(("macro", "file", "old", "new"), MUTATIONS)
def test_a_broken_method_is_noticed(duckdb_cursor, macro, file, old, new):
    def change(path, text):
        if path.name != file:
            return text
        assert text.count(old) == 1, f"{old} stands {text.count(old)} times in {file}"
        return text.replace(old, new)

    bench = Bench(duckdb_cursor, Macros(FOLDERS, "duckdb", change))
    with pytest.raises(AssertionError) as failure:
        CHECKS[macro](bench)
    # The answers differ; the data of the check reach what they reached before.
    assert "assert_same" in [entry.name for entry in failure.traceback]


def test_every_macro_has_a_check_and_a_mutation():
    macros = {path.stem for path in FOLDERS[1].glob("*.sql")} - {"editering_felles"}
    assert macros == set(CHECKS) == {macro for macro, *_ in MUTATIONS}
