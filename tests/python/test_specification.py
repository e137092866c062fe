"""The specification shows every rule as the register, dbt and the published warehouse have it."""

import html
import json
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import unquote

import duckdb
import pytest

from scripts import dbt_step, paths, rules, specification
from scripts.errors import UserError
from scripts.headline import number
from scripts.specification import content

REGISTER = rules.read()
BANNER = "Syntetiske data: utslagene gjelder ingen virkelig kommune."
VOID = {"meta", "link", "br", "hr", "img", "input"}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory):
    """What dbt knows of the project, with the SQL of every test as it reads the published warehouse."""
    folder = tmp_path_factory.mktemp("manifest")
    copy = folder / paths.WAREHOUSE.name
    shutil.copyfile(paths.WAREHOUSE, copy)
    parsed = paths.ROOT / "target" / "bygg" / "partial_parse.msgpack"
    if parsed.exists():
        shutil.copyfile(parsed, folder / parsed.name)
    variables = {dbt_step.BUILD_FILE_VARIABLE: str(copy)}
    dbt_step.run_dbt(paths.ROOT, "compile", ["--quiet"], target="bygg", folder=folder, variables=variables)
    copy.unlink()
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def found(manifest):
    return content.gather(REGISTER, manifest, paths.WAREHOUSE)


@pytest.fixture(scope="module")
def pages(found):
    return specification.render(found)


@pytest.fixture
def copy(tmp_path):
    """A copy of the published warehouse to change, with its name."""
    file = tmp_path / paths.WAREHOUSE.name
    shutil.copyfile(paths.WAREHOUSE, file)

    def change(*statements):
        with duckdb.connect(str(file)) as connection:
            for statement in statements:
                connection.execute(statement)
        return file

    return change


def entry_of(found, number):
    return next(entry for entry in found.entries if entry.number == number)


def page_of(found, number):
    return specification.render(found)[f"regler/{number}.html"]


# What it says


@pytest.mark.parametrize("rule", REGISTER, ids=lambda rule: rule["regel_nr"])
def test_every_rule_has_a_page_in_both_languages(pages, rule):
    text = html.unescape(pages[f"regler/{rule['regel_nr']}.html"])
    norwegian, english = text.split('<section lang="en">')
    for part, language, place in ((norwegian, "nb", 0), (english, "en", 1)):
        for column in ("tittel", "setning", "uten_regelen"):
            assert rule[f"{column}_{language}"] in part
        assert rules.severity(rule)[place] in part
        assert rules.treatment(rule)[place] in part
        assert rule["referanse"] in part
        for name in filter(None, (rule["felt"], rule["mot_felt"])):
            assert f"<code>{name}</code>" in part
    assert rule["melding_nb"] in norwegian
    link = f'<a href="{rule["regel_nr"]}.html">{rule["tittel_nb"]}</a>'
    assert link in html.unescape(pages["regler/index.html"])
    markdown = pages["kontrollspesifikasjon.md"]
    for language in ("nb", "en"):
        assert rules.markdown(rule[f"setning_{language}"]) in markdown
        assert f"{rule['regel_nr']} {rules.markdown(rule[f'tittel_{language}'])}" in markdown


def test_there_is_nothing_else(pages):
    assert sorted(pages) == sorted(
        ["kontrollspesifikasjon.md", "regler/index.html"]
        + [f"regler/{rule['regel_nr']}.html" for rule in REGISTER]
    )


def test_the_findings_are_those_of_the_newest_delivery_and_the_year_before(found):
    with duckdb.connect(str(paths.WAREHOUSE), read_only=True) as connection:
        findings = connection.sql("select regel_nr, aargang, enhet_nr from marts.kontrollutslag").fetchall()
        newest = dict(
            connection.sql(
                "select kilde, max(aargang) from staging.stg_leveranse__fil group by kilde"
            ).fetchall()
        )
    newest["lager"] = newest["skjema13"]
    assert newest["skjema13"] > newest["kmd"] == 2017
    seen = 0
    for rule in REGISTER:
        entry = entry_of(found, rule["regel_nr"])
        if entry.is_test:
            continue
        year = newest[rule["kilde"]]
        assert [count.year for count in entry.counts] == [year, year - 1]
        for count in entry.counts:
            if count.findings is None:
                continue
            units = [u for number, when, u in findings if (number, when) == (entry.number, count.year)]
            assert (count.findings, count.units) == (len(units), len(set(units)))
            seen += len(units)
    assert seen > 100
    assert [count.findings is None for count in entry_of(found, "R208").counts] == [False, True]


def test_the_list_and_the_page_show_the_same_findings(found, pages):
    entry = entry_of(found, "R208")
    [newest, _] = entry.counts
    cells = f'<td class="figure">{number(newest.findings)}</td><td class="figure">{number(newest.units)}</td>'
    assert f'<tr><th scope="row">2017</th>{cells}</tr>' in pages["regler/R208.html"]
    [row] = [line for line in pages["regler/index.html"].splitlines() if "R208.html" in line]
    assert f'<td class="figure">{number(newest.findings)} / {number(newest.units)}</td>' in row
    assert row.endswith('<td class="figure">.</td></tr>')
    assert f"- Utslag 2017: {newest.findings} (enheter: {newest.units})" in pages["kontrollspesifikasjon.md"]


def test_thresholds_and_parts_come_from_their_registers(found, pages):
    assert entry_of(found, "R208").thresholds[0] == (
        "Minste absolutte avvik som kan være stort: 10 (2015–, eget forslag)",
        "Smallest absolute deviation that can be large: 10 (2015–, our own proposal)",
    )
    assert [name for name, _ in entry_of(found, "R101").parts] == [
        "kommunalt_eide",
        "innleide",
        "privat_eide_disposisjonsrett",
    ]
    assert "Boliger kommunen leier inn for framleie <code>innleide</code>" in pages["regler/R101.html"]


def test_a_rule_that_must_hold_is_tried_on_the_published_tables(found, manifest, copy):
    entry = entry_of(found, "R009")
    assert sorted(outcome.table for outcome in entry.outcomes) == [
        "boligmasse_disposisjon",
        "boligmasse_formaal",
        "boligmasse_formaal_metode",
        "tilvisningsboliger",
    ]
    assert all(entry.broken == 0 and entry.outcomes for entry in found.entries if entry.is_test)
    broken = content.gather(
        REGISTER,
        manifest,
        copy(
            "delete from marts.tilvisningsboliger where aargang = 2017 and enhet_nr = '0301'",
        ),
    )
    page = page_of(broken, "R009")
    assert "<code>tilvisningsboliger</code>: holder ikke; rader som bryter regelen: 1</li>" in page
    assert "<code>tilvisningsboliger</code>: does not hold; rows that break the rule: 1</li>" in page
    assert "<code>boligmasse_formaal</code>: holder</li>" in page
    listed = specification.render(broken)["regler/index.html"]
    assert listed.count('<span class="badge broken">holder ikke</span>') == 1
    assert (
        "`tilvisningsboliger`: holder ikke; rader som" in specification.render(broken)[specification.MARKDOWN]
    )


def test_a_source_that_was_not_delivered_has_no_findings_and_says_so(manifest, copy):
    file = copy("delete from staging.stg_leveranse__fil where kilde = 'kmd'")
    found = content.gather(REGISTER, manifest, file)
    assert entry_of(found, "R208").counts == []
    assert "<p>ikke levert</p>" in page_of(found, "R208")
    assert "<caption>Ikke levert.</caption>" in specification.render(found)["regler/index.html"]
    assert "- Utslag: ikke levert" in specification.render(found)[specification.MARKDOWN]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2015", "", [(2023, 3, 2), (2022, 0, 0)]),
        ("2023", "", [(2023, 3, 2), (2022, None, None)]),
        ("2015", "2022", [(2023, None, None), (2022, 0, 0)]),
    ],
)
def test_a_year_outside_the_rule_has_no_count(first, last, expected):
    rule = {**REGISTER[-1], "gyldig_fra": first, "gyldig_til": last}
    counts = content._counts(rule, {"skjema13": {2022, 2023}}, {(rule["regel_nr"], 2023): (3, 2)})
    assert [(count.year, count.findings, count.units) for count in counts] == expected


def test_the_banner_stands_where_a_delivery_is_synthetic_and_nowhere_else(pages, manifest, copy):
    assert all(BANNER in text for text in pages.values())
    real = content.gather(REGISTER, manifest, copy("update staging.stg_leveranse__fil set syntetisk = 'nei'"))
    assert not any("yntetisk" in text for text in specification.render(real).values())


# Its form


class Reader(HTMLParser):
    """Collects addresses and ids, and fails on a tag that is not closed in its turn."""

    def __init__(self, text):
        super().__init__()
        self.open, self.addresses, self.ids = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []
        assert len(self.ids) == len(set(self.ids))

    def handle_starttag(self, tag, attrs):
        assert len(attrs) == len(dict(attrs))
        for name, value in attrs:
            assert name not in ("src", "style") and not name.startswith("on")
            if name == "href":
                self.addresses.append(value)
            if name == "id":
                self.ids.append(value)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_every_link_leads_to_a_node_of_the_manifest_or_a_page_that_is_there(pages, manifest):
    followed = set()
    for name, text in pages.items():
        if name.endswith(".html"):
            reader = Reader(text)
            addresses, above = reader.addresses, "../"
        else:
            addresses, above = re.findall(r"\]\(([^)]*)\)", text), ""
        for address in addresses:
            if address.startswith("#"):
                assert address[1:] in reader.ids
            elif address.startswith(f"{above}index.html#!/"):
                kind, unique_id = unquote(address).split("#!/")[1].split("/")
                assert unique_id in manifest["macros" if kind == "macro" else "nodes"]
                assert unique_id.split(".")[0] == kind
                followed.add(kind)
            else:
                assert (
                    address in ("../index.html", "../kontrollspesifikasjon.md")
                    or f"regler/{address}" in pages
                )
    assert followed == {"macro", "test", "seed", "model"}


def test_the_pages_need_nothing_from_outside(pages):
    for name, text in pages.items():
        assert not re.search(r"https?:|@import|url\(|<script|<link|<img", text), name


def test_text_from_the_registers_is_text(found):
    harmful = "<script>alert('1')</script> & \"[a](b)\" *c* {{ d }}"
    entry = replace(
        found.entries[-1],
        **dict.fromkeys(
            ("title", "sentence", "without", "treatment", "severity", "source"), (harmful, harmful)
        ),
        message=harmful,
        reference=harmful,
        thresholds=[(harmful, harmful)],
        field=[("felt", (harmful, harmful))],
    )
    group = replace(found.groups[-1], title=(harmful, harmful), entries=[entry])
    pages = specification.render(replace(found, groups=[group]))
    for name, text in pages.items():
        assert "<script" not in text, name
        if name.endswith(".html"):
            Reader(text)
            assert "&lt;script&gt;alert(&#39;1&#39;)" in text
        else:
            assert r"\[a\](b)" in text


def test_the_same_input_gives_the_same_bytes(manifest, pages):
    assert specification.render(content.gather(REGISTER, manifest, paths.WAREHOUSE)) == pages
    assert all("\r" not in text and text.endswith("\n") for text in pages.values())


def test_the_files_are_the_pages_and_a_page_of_a_rule_that_is_gone_is_removed(tmp_path, manifest, pages):
    (tmp_path / "target" / "docs").mkdir(parents=True)
    (tmp_path / "target" / "docs" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (tmp_path / "warehouse").mkdir()
    (tmp_path / "warehouse" / paths.WAREHOUSE.name).symlink_to(paths.WAREHOUSE)
    site = tmp_path / "site"
    (site / "regler").mkdir(parents=True)
    (site / "regler" / "R999.html").touch()
    first = specification.write(tmp_path, site)
    assert first == site / "regler" / "index.html"
    written = {str(path.relative_to(site)): path for path in site.rglob("*") if path.is_file()}
    assert {name: path.read_text(encoding="utf-8") for name, path in written.items()} == pages


def test_the_front_page_of_the_documentation_leads_to_the_rules(manifest):
    [front] = [doc for key, doc in manifest["docs"].items() if key == "doc.kommunale_boliger.__overview__"]
    assert front["block_contents"].count("](regler/index.html)") == 2


# What is not as it should be


def test_a_missing_warehouse_is_one_sentence(manifest, tmp_path):
    with pytest.raises(UserError, match=r"there is no published warehouse at .*; run `make build` first"):
        content.gather(REGISTER, manifest, tmp_path / "borte.duckdb")


def test_a_file_that_is_no_warehouse_is_one_sentence(manifest, tmp_path):
    file = tmp_path / "a.duckdb"
    duckdb.connect(str(file)).close()
    with pytest.raises(UserError, match=r"a\.duckdb cannot be read: Catalog Error: "):
        content.gather(REGISTER, manifest, file)


def test_a_warehouse_built_with_other_rules_is_one_sentence(manifest):
    with pytest.raises(
        UserError, match=r"other rules than the register has \(R402\); run `make build` first"
    ):
        content.gather(REGISTER[:-1], manifest, paths.WAREHOUSE)


@pytest.mark.parametrize(
    ("number", "change", "sentence"),
    [
        ("R208", {"form": "ny"}, r"R208: dbt has no macro\.kommunale_boliger\.kontroll_ny; expected what"),
        ("R208", {"mot_kilde": "nav"}, r"R208: mot_kilde is 'nav', which has no words in scripts/"),
        (
            "R208",
            {"terskel_antall": "borte"},
            "R208: the threshold borte is not in the register of thresholds",
        ),
        ("R208", {"type": "test"}, "R208: dbt has no test with this number; expected at least one"),
        ("R208", {"behandling": "ny"}, "R208: behandling is 'ny', which has no words"),
    ],
)
def test_a_rule_that_leads_nowhere_is_one_sentence(manifest, number, change, sentence):
    register = [{**rule, **change} if rule["regel_nr"] == number else rule for rule in REGISTER]
    with pytest.raises(UserError, match=sentence):
        content.gather(register, manifest, paths.WAREHOUSE)
