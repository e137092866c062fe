"""The mutation run, on queries of a line or two: what it changes, what it notices and what it says."""

import argparse

import pytest
import sqlglot
from sqlglot import exp

from scripts import mutation
from scripts.errors import UserError
from scripts.mutation import compiled, register, subjects, trial
from scripts.mutation.compiled import Compiled
from scripts.mutation.operators import changes
from scripts.mutation.subjects import Mutant

# The operators


def mutated(sql):
    """Every change of a query as (operator, the query with it)."""
    part = exp.CTE(this=sqlglot.parse_one(sql, dialect="duckdb"), alias=exp.to_identifier("del"))
    found = []
    for change in list(changes(part.this)):
        old = change.apply()
        found.append((change.operator, part.this.sql("duckdb").lower()))
        change.undo(old)
        assert part.this.sql("duckdb").lower() == sql, "the change was not undone"
    return found


OPERATORS = [
    ("comparison", "select a from t where a < b", ["a <= b", "a >= b"]),
    ("comparison", "select a from t where a >= b", ["a > b", "a < b"]),
    ("comparison", "select a from t where a = b", ["a <> b", "a <= b", "a >= b"]),
    ("comparison", "select a from t where a = 'x'", ["a <> 'x'"]),
    ("comparison", "select a from t where a <> b", ["a = b"]),
    (
        "comparison",
        "select a from t where a is distinct from b",
        ["a is not distinct from b", "a <> b"],
    ),
    (
        "comparison",
        "select a from t where a between b and c",
        ["(a > b and a <= c)", "(a >= b and a < c)"],
    ),
    ("negation", "select a from t where a is null", ["not a is null"]),
    ("negation", "select a from t where not a is null", ["a is null"]),
    ("negation", "select a from t where a in (b)", ["not a in (b)"]),
    ("null", "select a from t where not (a = b) is true", ["not (a = b)"]),
    ("drop condition", "select a from t where a < b", [None]),
    ("drop condition", "select a from t where a and b and c", ["a and b", "a and c", "b and c"]),
    ("drop condition", "select a from t where a in (b, c)", [None, "a in (c)", "a in (b)"]),
    ("and/or", "select a from t where a and b", ["(a or b)"]),
    ("and/or", "select a from t where a or b", ["(a and b)"]),
    ("constant", "select a from t where a < 5", ["a < 6", "a < 4", "a < 0"]),
    ("constant", "select a from t where a < 0", ["a < 1", "a < -1", "a < 0"]),
    ("constant", "select a from t where a < 0.5", ["a < 0.6", "a < 0.4"]),
    ("constant", "select a from t where a = 'nei'", ["a = 'ne'"]),
    ("constant", "select a from t where a = ''", ["a = 'x'"]),
    ("constant", "select a from t where a = '2019-12-31'", ["a = '2019-12-30'"]),
    ("constant", "select a from t where a = '-01-01'", ["a = '-01-02'"]),
    ("constant", "select a from t where a = true", ["a = false"]),
]

WHOLE = [
    ("join", "select a from t join u on t.a = u.a", ["select a from t left join u on t.a = u.a"]),
    ("join", "select a from t left join u on t.a = u.a", ["select a from t inner join u on t.a = u.a"]),
    (
        "join",
        "select a from t full join u on t.a = u.a",
        [
            "select a from t left join u on t.a = u.a",
            "select a from t right join u on t.a = u.a",
            "select a from t inner join u on t.a = u.a",
        ],
    ),
    ("drop condition", "select a from t join u on t.a = u.a", ["select a from t join u on true"]),
    ("drop condition", "select a from t group by a having a > b", ["select a from t group by a"]),
    ("drop condition", "select sum(a) filter(where a > b) from t", ["select sum(a) from t"]),
    (
        "drop branch",
        "select a from t union all select b from u",
        [
            "select * from (select a from t) as gren where false union all select b from u",
            "select a from t union all select * from (select b from u) as gren where false",
        ],
    ),
    ("drop distinct", "select a from t union select b from u", ["select a from t union all select b from u"]),
    ("drop distinct", "select distinct a from t", ["select a from t"]),
    ("aggregate", "select sum(a) from t", ["select max(a) from t"]),
    ("aggregate", "select max(a) from t", ["select min(a) from t"]),
    ("aggregate", "select count(a) from t", ["select count(distinct a) from t", "select count(*) from t"]),
    ("aggregate", "select count(distinct a) from t", ["select count(a) from t"]),
    ("aggregate", "select greatest(a, b) from t", ["select least(a, b) from t"]),
    ("drop argument", "select coalesce(a, b) from t", ["select b from t", "select a from t"]),
    ("drop function", "select nullif(a, b) from t", ["select (a) from t"]),
    ("drop function", "select abs(a) from t", ["select (a) from t"]),
    ("arithmetic", "select a + b from t", ["select (a - b) from t"]),
    ("arithmetic", "select a // b from t", ["select (a * b) from t"]),
    (
        "drop when",
        "select case when a then b when c then d end from t",
        ["select case when c then d end from t", "select case when a then b end from t"],
    ),
    ("drop when", "select case when a then b else c end from t", ["select (c) from t"]),
    ("drop else", "select case when a then b else c end from t", ["select case when a then b end from t"]),
    ("order", "select a from t order by a desc", ["select a from t order by a asc"]),
    (
        "drop partition",
        "select row_number() over (partition by a, b order by c) from t",
        [
            "select row_number() over (partition by b order by c) from t",
            "select row_number() over (partition by a order by c) from t",
        ],
    ),
    ("constant", "select max(case when a then 1 else 0 end) from t", None),
]


@pytest.mark.parametrize(
    ("operator", "sql", "conditions"), OPERATORS, ids=[f"{o}: {s}" for o, s, _ in OPERATORS]
)
def test_an_operator_changes_a_condition(operator, sql, conditions):
    head = sql.partition(" where ")[0]
    expected = [head if condition is None else f"{head} where {condition}" for condition in conditions]
    assert [query for name, query in mutated(sql) if name == operator] == expected


@pytest.mark.parametrize(
    ("operator", "sql", "expected"), WHOLE[:-1], ids=[f"{o}: {s}" for o, s, _ in WHOLE[:-1]]
)
def test_an_operator_changes_a_query(operator, sql, expected):
    assert [query for name, query in mutated(sql) if name == operator] == expected


def test_a_flag_is_turned_and_has_no_other_value():
    sql = "select max(case when a then 1 else 0 end) from t"
    assert [query for name, query in mutated(sql) if name == "constant"] == [
        "select max(case when a then 0 else 0 end) from t",
        "select max(case when a then 1 else 1 end) from t",
    ]


@pytest.mark.parametrize(
    ("operator", "sql"),
    [
        ("constant", "select count(case when a then 1 end) from t"),
        ("constant", "select a from t where exists(select 1 from u)"),
        ("constant", "select cast(a as decimal(18, 6)) from t"),
        ("constant", "select a from t where a in ('x', 'y')"),
        ("constant", "select a from t order by case when a = b then 1 else 2 end"),
        ("drop else", "select a from t order by case when a = b then 1 else 2 end"),
        ("aggregate", "select max(case when a then b end) from t"),
        ("join", "select a from t cross join u"),
    ],
)
def test_what_no_data_can_tell_is_not_changed(operator, sql):
    assert [query for name, query in mutated(sql) if name == operator] == []


def test_the_key_of_a_join_has_no_neighbours():
    sql = "select a from t join u on t.a = u.a and t.b < u.b"
    assert [query.partition(" on ")[2] for name, query in mutated(sql) if name == "comparison"] == [
        "t.a <> u.a and t.b < u.b",
        "t.a = u.a and t.b <= u.b",
        "t.a = u.a and t.b >= u.b",
    ]


# The run, on a project as dbt would compile it

TABLE = "with __dbt__cte__kilde as (select * from (values (1, 'x'), (2, 'y')) as v (tall, kode))"


class Project:
    """A project of some texts; the tests in it pass."""

    def __init__(self):
        self.macros, self.nodes, self.units, self.sql, self.rendered = {}, {}, {}, {}, {}

    def macro(self, name, path, sql="", rendered=()):
        self.macros[f"macro.liten.{name}"] = {
            "name": name,
            "package_name": "liten",
            "original_file_path": path,
            "macro_sql": sql,
        }
        self.rendered |= dict.fromkeys(rendered, name)
        return self

    def model(self, name, body, raw=None, fixture=TABLE, columns=("tall",)):
        self.nodes[f"model.liten.{name}"] = {
            "name": name,
            "resource_type": "model",
            "raw_code": raw or body,
        }
        self.units[f"unit_test.liten.{name}"] = {
            "name": f"proeve_{name}",
            "model": name,
            "expect": {"rows": [dict.fromkeys(columns)]},
        }
        self.sql[f"unit_test.liten.{name}"] = f"{fixture}{body}"
        return self

    def test(self, name, sql, path, error_if="!= 0", rule=None, raw=""):
        self.nodes[f"test.liten.{name}"] = {
            "name": name,
            "resource_type": "test",
            "original_file_path": path,
            "raw_code": raw,
            "config": {"fail_calc": "count(*)", "error_if": error_if, "limit": None},
            "test_metadata": {"name": rule} if rule else None,
        }
        self.sql[f"test.liten.{name}"] = sql
        return self

    def compiled(self):
        manifest = {
            "metadata": {"project_name": "liten"},
            "macros": self.macros,
            "nodes": self.nodes,
            "unit_tests": self.units,
        }
        return Compiled(manifest, self.sql, self.rendered)

    def score(self, explained=(), names=(), seconds=5.0):
        register = dict.fromkeys(explained, "because")
        return trial.mutate(self.compiled(), None, list(names), seconds, register, lambda text: None)


SURVIVOR = Mutant("modell", "m", "b", "comparison", "tall > 1", "tall >= 1")
# The fixture has no row on the limit.
BLIND = Project().model(
    "m",
    ", b as (select * from __dbt__cte__kilde where tall > 1) select tall from b where tall < 9",
    fixture="with __dbt__cte__kilde as (select unnest([0, 2, 8, 9, 10]) as tall)",
)


def outcomes(project, kind="modell", **options):
    score = project.score(**options)
    return {
        (mutant.place, mutant.operator, mutant.after): outcome
        for mutant, outcome in score.outcomes.items()
        if mutant.kind == kind
    }


def test_a_mutant_that_changes_the_rows_is_killed_and_one_that_does_not_survives():
    assert outcomes(BLIND) == {
        ("b", "comparison", "tall >= 1"): "survived",
        ("b", "comparison", "tall <= 1"): "killed",
        ("b", "drop condition", ""): "killed",
        ("b", "constant", "tall > 2"): "killed",
        ("b", "constant", "tall > 0"): "survived",
        ("select", "comparison", "tall <= 9"): "killed",
        ("select", "comparison", "tall >= 9"): "killed",
        ("select", "drop condition", ""): "killed",
        ("select", "constant", "tall < 10"): "killed",
        ("select", "constant", "tall < 8"): "killed",
        ("select", "constant", "tall < 0"): "killed",
    }


def test_a_survivor_is_told_in_one_sentence(tmp_path):
    score = BLIND.score()
    assert score.survivors[0] == SURVIVOR
    assert score.complaints(tmp_path / "r.csv")[0] == (
        "no test notices modell m, b, comparison: tall > 1 -> tall >= 1"
    )
    assert score.line() == "9 of 11 mutants killed (81.8 %), 0 explained, 2 survive"


def test_an_explained_survivor_is_counted_and_not_complained_about(tmp_path):
    score = BLIND.score(explained=[SURVIVOR, Mutant("modell", "m", "b", "constant", "tall > 1", "tall > 0")])
    assert score.complaints(tmp_path) == []
    assert score.line() == "9 of 11 mutants killed (81.8 %), 2 explained"
    assert score.table().splitlines()[1].split() == ["modell", "m", "11", "9", "0", "2", "0"]


def test_an_explanation_of_what_is_killed_or_is_gone_is_told(tmp_path):
    killed = Mutant("modell", "m", "b", "comparison", "tall > 1", "tall <= 1")
    gone = Mutant("modell", "borte", "b", "drop condition", "where a", "", 2)
    assert BLIND.score(explained=[killed, gone]).complaints(tmp_path / "r.csv")[-2:] == [
        f"{tmp_path}/r.csv explains a mutant that does not survive: "
        "modell m, b, comparison: tall > 1 -> tall <= 1",
        f"{tmp_path}/r.csv explains a mutant that does not survive: "
        "modell borte, b, drop condition (number 2): where a dropped",
    ]


def test_names_limit_the_mutants_and_the_part_of_the_register_that_counts():
    two = Project().model("m", " select tall from __dbt__cte__kilde where tall < 2")
    two.model("n", " select tall from __dbt__cte__kilde where tall > 1")
    other = Mutant("modell", "n", "select", "constant", "tall > 1", "tall > 7")
    assert {mutant.subject for mutant in two.score(names=["m"], explained=[other]).outcomes} == {"m"}
    assert two.score(names=["m"], explained=[other]).unused == []
    assert two.score(explained=[other]).unused == [other]
    with pytest.raises(UserError, match=r"nothing to mutate that is called borte; expected one of m, n"):
        two.score(names=["borte"])


def test_only_the_columns_that_the_test_expects_are_compared():
    body = " select tall, 'a' as merke from __dbt__cte__kilde"
    change = ("select", "constant", "'ax' as merke")
    assert outcomes(Project().model("m", body, columns=["tall"]))[change] == "survived"
    assert outcomes(Project().model("m", body, columns=["tall", "merke"]))[change] == "killed"


def test_the_rows_are_compared_as_a_multiset():
    body = " select distinct tall from __dbt__cte__kilde"
    fixture = "with __dbt__cte__kilde as (select unnest([1, 1, 2]) as tall)"
    assert outcomes(Project().model("m", body, fixture=fixture)) == {
        ("select", "drop distinct", "select"): "killed"
    }


def test_a_mutant_that_runs_away_is_stopped_and_counts_as_killed():
    body = (
        ", n as (select 1 as tall union select tall + 1 as tall from n where tall < 3)"
        " select sum(tall) as tall from n"
    )
    project = Project().model("m", body, fixture=TABLE.replace("with ", "with recursive "))
    score = project.score(seconds=0.3)
    endless = Mutant("modell", "m", "n[2]", "drop condition", "where tall < 3", "")
    assert score.outcomes[endless] == "timed out"
    assert endless not in score.survivors
    assert score.line().startswith(f"{len(score.outcomes) - len(score.survivors)} of {len(score.outcomes)} ")
    # The connection still works: the mutants after it have outcomes of their own.
    assert list(score.outcomes.values())[-1] in ("killed", "survived")


def test_an_error_while_running_kills_and_a_query_that_cannot_start_is_no_mutant():
    runs = Project().model("m", " select cast(coalesce(kode, '1') as integer) as tall from __dbt__cte__kilde")
    runs.sql["unit_test.liten.m"] = (
        runs.sql["unit_test.liten.m"].replace("'x'", "null").replace("'y'", "null")
    )
    assert outcomes(runs)["select", "constant", "coalesce(kode, '1x')"] == "killed"
    starts = Project().model("m", " select tall, sum(tall) as s from __dbt__cte__kilde group by tall")
    assert outcomes(starts) == {("select", "aggregate", "max(tall)"): "survived"}
    window = " select lag(tall) over (order by tall) as tall from __dbt__cte__kilde"
    assert ("select", "aggregate", "lead(tall)") in outcomes(Project().model("m", window))


def test_two_changes_that_give_the_same_query_are_one_mutant():
    found = BLIND.score().outcomes
    twice = Project().model("m", " select tall from __dbt__cte__kilde where not tall < 2 and tall = tall")
    texts = [str(mutant) for mutant in twice.score().outcomes]
    assert len(texts) == len(set(texts))
    assert len(found) == 11


# Rules, controls and macros

TWINS = "seeds/fixtures/_seeds.yml"


def rule(passing, failing, error_if="!= 1", condition="(a.tall = a.sum) is not true"):
    """A rule whose twins are rows of (tall, sum)."""
    project = Project().macro("test_r900", "tests/generic/regler/r900.sql", "select a.tall from t where")
    for name, rows, limit in (("bestaar", passing, "!= 0"), ("feiler", failing, error_if)):
        twin = f"with __dbt__cte__{name} as (select * from (values {rows}) as v (tall, sum))"
        sql = f"{twin} select a.tall from __dbt__cte__{name} as a where {condition}"
        project.test(f"tvilling_r900_{name}", sql, TWINS, limit, rule="r900")
    return project


def test_a_rule_is_mutated_in_both_twins_at_once_and_either_may_notice():
    found = outcomes(rule("(1, 1), (2, 2)", "(1, 2), (3, 3)"), "regel")
    assert found["select", "comparison", "a.tall <> a.sum"] == "killed"
    # The failing twin has no sum that is too small.
    assert found["select", "comparison", "a.tall >= a.sum"] == "survived"
    assert found["select", "comparison", "a.tall <= a.sum"] == "killed"
    better = outcomes(rule("(1, 1), (2, 2)", "(1, 2), (3, 3), (3, 2)", "!= 2"), "regel")
    assert better["select", "comparison", "a.tall >= a.sum"] == "killed"
    # A null is told by a twin that has one.
    assert found["select", "null", "not (a.tall = a.sum)"] == "survived"
    with_null = outcomes(rule("(1, 1)", "(1, 2), (null, 2)", "!= 2"), "regel")
    assert with_null["select", "null", "not (a.tall = a.sum)"] == "killed"


def test_the_columns_of_a_test_that_counts_rows_are_not_mutated():
    assert {place for place, _, _ in outcomes(rule("(1, 1)", "(1, 2)"), "regel")} == {"select"}
    project = rule("(1, 1)", "(1, 2)")
    for key in project.sql:
        project.sql[key] = project.sql[key].replace("select a.tall", "select coalesce(a.tall, 5) as tall")
    assert [change for _, change, _ in outcomes(project, "regel") if change == "drop argument"] == []


def test_twins_must_be_the_same_query():
    project = rule("(1, 1)", "(1, 2)")
    project.sql["test.liten.tvilling_r900_feiler"] += " and a.sum = a.sum"
    with pytest.raises(UserError, match="r900 is not the same query for each of its twins"):
        project.score()


def test_a_test_that_fails_without_any_mutation_stops_the_run():
    with pytest.raises(UserError, match="tvilling_r900_bestaar does not pass without any mutation"):
        rule("(1, 2)", "(1, 2)").score()
    broken = rule("(1, 1)", "(1, 2)", condition="a.borte = a.sum")
    with pytest.raises(UserError, match="tvilling_r900_bestaar cannot be run without any mutation"):
        broken.score()


def test_a_test_that_dbt_did_not_compile_stops_the_run():
    project = rule("(1, 1)", "(1, 2)")
    del project.sql["test.liten.tvilling_r900_bestaar"]
    with pytest.raises(UserError, match=r"dbt did not run test\.liten\.tvilling_r900_bestaar"):
        project.score()


def controls():
    """Two shapes of control, and the harness that counts their findings."""
    shapes = {
        "kontroll_stor": "select 'stor' as form, 1 as tall where 2 > 1",
        "kontroll_liten": "select 'liten' as form, 1 as tall where 1 < 2",
    }
    project = Project().macro("kontrollutslag", "macros/kontroll/kontrollutslag.sql")
    for name, sql in shapes.items():
        project.macro(name, f"macros/kontroll/{name}.sql", rendered=[sql])
    both = " union all ".join(shapes.values())
    raw = "with utslag as (\n\n    {{ kontrollutslag(svar) }}\n\n), telt as (select 1 from utslag) select n"
    sql = (
        f"with utslag as ({both}), telt as (select count(*) as n from utslag) select n from telt where n <> 2"
    )
    return project.test("hver_kontroll", sql, "tests/regler/hver_kontroll.sql", raw=raw)


def test_a_control_is_mutated_in_the_macro_that_wrote_it_and_the_harness_is_not():
    found = controls().score().outcomes
    assert {(mutant.kind, mutant.subject, mutant.place) for mutant in found} == {
        ("makro", "kontroll_stor", "-"),
        ("makro", "kontroll_liten", "-"),
    }
    assert found[Mutant("makro", "kontroll_stor", "-", "comparison", "2 > 1", "2 <= 1")] == "killed"
    assert found[Mutant("makro", "kontroll_stor", "-", "comparison", "2 > 1", "2 >= 1")] == "survived"
    dropped = "select 'liten' as form, 1 as tall where 1 < 2"
    assert found[Mutant("makro", "kontroll_liten", "-", "drop branch", dropped, "")] == "killed"


def test_what_no_macro_wrote_alone_is_named_by_the_branch_of_the_union():
    project = controls()
    project.rendered.clear()
    assert {(mutant.kind, mutant.subject, mutant.place) for mutant in project.score().outcomes} == {
        ("kontroll", "hver_kontroll", "utslag[stor]"),
        ("kontroll", "hver_kontroll", "utslag[liten]"),
    }


def test_a_harness_must_have_its_macro_in_a_cte_of_its_own():
    project = controls()
    project.nodes["test.liten.hver_kontroll"]["raw_code"] = "select 1 from ({{ kontrollutslag(svar) }}) as u"
    with pytest.raises(UserError, match=r"tests/regler/hver_kontroll\.sql calls a macro that is not a CTE"):
        project.score()
    project.nodes["test.liten.hver_kontroll"]["raw_code"] = "select 1 from {{ ref('svar') }}"
    assert project.score().outcomes == {}


def shared(*fixtures):
    """A macro that writes a whole query, used by a model for each fixture."""
    text = "with {navn} as (select * from {{{{ kilde }}}} where tall > 1) select tall from {navn}"
    project = Project().macro("store", "macros/store.sql", text.format(navn="store"))
    for number, fixture in enumerate(fixtures):
        body = ", store as (select * from __dbt__cte__kilde where tall > 1) select tall from store"
        fixture = f"with __dbt__cte__kilde as (select unnest([{fixture}]) as tall)"
        project.model(f"m{number}", body, raw="{{ store(kilde=ref('kilde')) }}", fixture=fixture)
    return project


def test_a_macro_is_one_text_and_any_model_that_uses_it_may_notice():
    limit = ("store", "comparison", "tall >= 1")
    assert outcomes(shared("0, 2"), "makro")[limit] == "survived"
    both = shared("0, 2", "0, 1, 2")
    assert outcomes(both, "makro")[limit] == "killed"
    assert len(both.score().outcomes) == len(shared("0, 2").score().outcomes) == 5
    assert {mutant.subject for mutant in both.score().outcomes} == {"store"}


def test_what_a_macro_writes_inside_a_model_belongs_to_the_macro():
    body = " select tall from __dbt__cte__kilde where tall > 1 and tall < 9"
    project = Project().macro("under_ni", "macros/under_ni.sql", rendered=["tall < 9"])
    found = project.model("m", body).score().outcomes
    assert {(m.kind, m.subject) for m in found if "tall < 9" in m.before and m.operator == "comparison"} == {
        ("makro", "under_ni")
    }
    assert {(m.kind, m.subject) for m in found if "tall > 1" in m.before and m.operator == "comparison"} == {
        ("modell", "m")
    }


def test_what_an_engine_macro_writes_is_left_alone():
    body = " select tall // nullif(tall, 0) as tall from __dbt__cte__kilde where tall > 1"
    engine = Project().macro("deling", "macros/engine/a.sql", rendered=["tall // nullif(tall, 0)"])
    assert {operator for _, operator, _ in outcomes(engine.model("m", body))} == {
        "comparison",
        "constant",
        "drop condition",
    }
    assert ("select", "arithmetic", "(tall * nullif(tall, 0))") in outcomes(Project().model("m", body))


# The register and the command


def write(path, *rows):
    path.write_text("\n".join([",".join(register.COLUMNS), *rows]) + "\n", encoding="utf-8")
    return path


def test_what_is_written_of_survivors_is_read_as_they_are_once_they_have_a_reason(tmp_path):
    mutant = Mutant("modell", "m", "b", "constant", "coalesce(a, 'x, \"y\"')", "", 3)
    register.write(tmp_path / "r.csv", [mutant])
    with pytest.raises(UserError, match=r"row 2: expected 8 values"):
        register.read(tmp_path / "r.csv")
    text = (tmp_path / "r.csv").read_text(encoding="utf-8")
    (tmp_path / "r.csv").write_text(text.replace(",3,", ",3,null is null"), encoding="utf-8")
    assert register.read(tmp_path / "r.csv") == {mutant: "null is null"}


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (["modell,m,b,constant,a,b,1, "], "row 2: expected 8 values"),
        (["modell,m,b,constant,a,b,en,hvorfor"], "row 2: expected 8 values"),
        (["modell,m,b,constant,a,b,1"], "row 2: expected 8 values"),
        (["modell,m,b,constant,a,b,1,x", "modell,m,b,constant,a,b,1,y"], "row 3: .* explained twice"),
    ],
)
def test_a_row_of_the_register_that_cannot_be_read_is_told(tmp_path, rows, sentence):
    with pytest.raises(UserError, match=sentence):
        register.read(write(tmp_path / "r.csv", *rows))


def test_a_register_without_its_header_or_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UserError, match="found no register"):
        register.read(tmp_path / "r.csv")
    (tmp_path / "r.csv").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(UserError, match="line 1: expected the header slag,navn"):
        register.read(tmp_path / "r.csv")


def test_every_row_of_the_projects_register_can_be_read():
    explained = register.read(mutation.REGISTER)
    assert {mutant.kind for mutant in explained} <= set(subjects.KINDS)


@pytest.fixture
def command(tmp_path, monkeypatch, capsys):
    """The command in a folder of its own, on a project that dbt need not compile."""
    monkeypatch.setattr(mutation, "ROOT", tmp_path)
    monkeypatch.setattr(mutation, "REGISTER", tmp_path / "r.csv")
    monkeypatch.setattr(compiled, "compile_project", lambda root, say: BLIND.compiled())
    monkeypatch.setattr(trial, "mutate", _without_database(trial.mutate))

    def run(*rows):
        write(tmp_path / "r.csv", *rows)
        code = mutation.run(argparse.Namespace(names=[], seconds=5.0))
        return code, *capsys.readouterr()

    return run


def _without_database(mutate):
    return lambda project, database, *rest: mutate(project, None, *rest)


ROWS = ["modell,m,b,comparison,tall > 1,tall >= 1,1,x", "modell,m,b,constant,tall > 1,tall > 0,1,x"]


def test_the_command_fails_with_a_sentence_for_each_survivor(command, tmp_path):
    code, out, err = command(ROWS[0])
    assert code == 1
    assert out.endswith("9 of 11 mutants killed (81.8 %), 1 explained, 1 survive\n")
    assert "Error: no test notices modell m, b, constant: tall > 1 -> tall > 0\n" in err
    assert "give the fixtures a row that tells" in err
    written = (tmp_path / mutation.SURVIVORS).read_text(encoding="utf-8").splitlines()
    assert written[1:] == [ROWS[1].removesuffix("x")]


def test_the_command_fails_for_an_explanation_that_is_not_used(command):
    code, out, err = command(*ROWS, "modell,m,b,constant,tall > 1,tall > 2,1,x")
    assert code == 1
    assert out.endswith("9 of 11 mutants killed (81.8 %), 2 explained\n")
    assert err.splitlines()[-1] == (
        "Error: r.csv explains a mutant that does not survive: modell m, b, constant: tall > 1 -> tall > 2"
    )


def test_the_command_succeeds_when_everything_is_killed_or_explained(command):
    code, out, err = command(*ROWS)
    assert (code, "Error" in err) == (0, False)
    assert out.endswith("9 of 11 mutants killed (81.8 %), 2 explained\n")


# What dbt itself compiles

DBT = {
    "dbt_project.yml": """\
name: liten
version: "1.0.0"
profile: liten
seeds:
  +schema: fixtures
flags:
  send_anonymous_usage_stats: false
  require_generic_test_arguments_property: true
""",
    "profiles.yml": """\
liten:
  target: bygg
  outputs:
    bygg:
      type: duckdb
      path: "{{ env_var('KOMMBOL_BYGGFIL') }}"
""",
    "macros/engine/halvt.sql": "{% macro halvt(tall) %}({{ tall }} // 2){% endmacro %}\n",
    "macros/over_null.sql": "{% macro over_null(tall) %}({{ tall }} > 0){% endmacro %}\n",
    "macros/kontroll/store.sql": (
        "{% macro store(svar) %}select enhet from {{ svar }} where tall > 8{% endmacro %}\n"
    ),
    "tests/generic/regler/r900_positiv.sql": (
        "{% test r900_positiv(model) %}select * from {{ model }} where (tall >= 1) is not true{% endtest %}\n"
    ),
    "tests/regler/hver_kontroll.sql": (
        "with utslag as (\n    {{ store(ref('svar')) }}\n)\n"
        "select count(*) as antall from utslag having count(*) <> 1\n"
    ),
    "seeds/fixtures/svar.csv": "enhet,tall\na,8\nb,9\nc,7\n",
    "seeds/fixtures/r900_bestaar.csv": "enhet,tall\na,1\n",
    "seeds/fixtures/r900_feiler.csv": "enhet,tall\na,0\nb,\n",
    "seeds/fixtures/_seeds.yml": """\
seeds:
  - name: r900_bestaar
    data_tests:
      - r900_positiv:
          name: tvilling_r900_bestaar
  - name: r900_feiler
    data_tests:
      - r900_positiv:
          name: tvilling_r900_feiler
          config:
            error_if: "!= 2"
            warn_if: "!= 2"
""",
    "seeds/raatall.csv": "enhet,tall\na,1\nb,2\n",
    "models/statistikk.sql": (
        "select enhet, {{ halvt('tall') }} as halvt from {{ ref('raatall') }} where {{ over_null('tall') }}\n"
    ),
    "models/_modeller.yml": """\
unit_tests:
  - name: halvparten_av_det_som_er_over_null
    model: statistikk
    given:
      - input: ref('raatall')
        rows:
          - {enhet: a, tall: 4}
          - {enhet: b, tall: 0}
    expect:
      rows:
        - {enhet: a, halvt: 2}
""",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    root = tmp_path_factory.mktemp("liten")
    for name, text in DBT.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def test_everything_that_has_fixtures_is_found_as_dbt_compiles_it(project):
    said = []
    found = compiled.compile_project(project, said.append)
    score = trial.mutate(found, project / compiled.DATABASE, [], 5.0, {}, said.append)
    assert {(mutant.kind, mutant.subject) for mutant in score.outcomes} == {
        ("regel", "r900_positiv"),
        ("makro", "store"),
        ("modell", "statistikk"),
        ("makro", "over_null"),
    }
    assert [str(mutant) for mutant in score.survivors] == [
        # No unit of the fixture has one dwelling.
        "makro over_null, -, constant: tall > 0 -> tall > 1",
    ]
    assert said[0] == "dbt reads the project"


def test_a_unit_test_that_fails_is_one_sentence(project):
    with pytest.raises(
        UserError, match=r"dbt failed with the unit tests: halvparten_av_det_som_er_over_null"
    ):
        (project / "models" / "statistikk.sql").write_text(
            "select enhet, 1 as halvt from {{ ref('raatall') }}\n", encoding="utf-8"
        )
        compiled.compile_project(project, lambda text: None)


def test_the_texts_are_shared_evenly_and_each_once():
    shares = trial._shares(trial.Counter({"a": 9, "b": 5, "c": 4, "d": 1}), 2)
    assert shares == [{"a", "d"}, {"b", "c"}]
    assert trial._shares(trial.Counter({"a": 9}), 4) == [{"a"}]
    assert trial._shares(trial.Counter(), 2) == [set()]


def test_two_workers_find_what_one_does_in_the_same_order():
    fixture = "with __dbt__cte__kilde as (select unnest([0, 2, 8, 9, 10]) as tall)"
    project = Project()
    for name in ("m", "n"):
        project = project.model(
            name,
            ", b as (select * from __dbt__cte__kilde where tall > 1) select tall from b where tall < 9",
            fixture=fixture,
        )
    alone, shared = (
        trial.mutate(project.compiled(), None, [], 5.0, {}, lambda text: None, workers) for workers in (1, 2)
    )
    assert {mutant.subject for mutant in shared.outcomes} == {"m", "n"}
    assert list(shared.outcomes.items()) == list(alone.outcomes.items())
