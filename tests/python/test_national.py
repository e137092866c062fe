"""The pages of the national figures say what the published warehouse says."""

import html
import re
import shutil

import duckdb
import pytest

from scripts import headline, national, pages, paths

PURPOSES = ("helse_omsorg", "uten_behovsproving", "vanskeligstilte")


@pytest.fixture(scope="module")
def gathered():
    return national.gather(paths.WAREHOUSE)


@pytest.fixture(scope="module")
def written(gathered):
    return national.render(*gathered)


def text_of(page: str) -> str:
    """What a reader sees: no tags, no entities, single spaces."""
    plain = html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<style>.*?</style>", "", page)))
    return re.sub(r"[ \n]+", " ", plain)


def test_every_figure_of_the_country_has_a_page_and_a_line_in_the_list(gathered, written):
    figures, _ = gathered
    with duckdb.connect(str(paths.WAREHOUSE), read_only=True) as connection:
        query = """
            select aargang, formaal from marts.boligmasse_formaal_region
            where region_nr = 'EAK' and antall is not null
        """
        expected = {f"tall/{year}-{purpose}.html" for year, purpose in connection.sql(query).fetchall()}
    assert len(expected) == 21
    assert set(written) == expected | {"tall/index.html"}
    for figure in figures:
        assert f'href="{figure.page}"' in written["tall/index.html"]


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_page_shows_value_interval_methods_and_quality_in_both_languages(gathered, written, purpose):
    [figure] = [f for f in gathered[0] if (f.year, f.purpose) == (2017, purpose)]
    text = text_of(written[f"tall/2017-{purpose}.html"])
    for language in (0, 1):
        assert figure.names[language] in text
    value = headline.number(figure.value)
    assert f"{value} boliger 31.12.2017" in text and f"{value} dwellings at 31.12.2017" in text
    _, low, high, _, answered = figure.estimate
    assert f"{headline.number(low)} – {headline.number(high)}" in text
    assert f"{headline.number(answered)} kommuner svarte" in text
    assert sum(row[3] for row in figure.methods) == figure.units_with
    assert sum(row[5] for row in figure.methods) == figure.value
    assert sum(figure.classes.values()) == figure.stock_with
    assert text.count("bare usikkerheten fordi noen ikke svarte") == 1


def test_what_is_less_for_the_disadvantaged_is_more_for_health_and_care(gathered):
    of_year = {f.purpose: f for f in gathered[0] if f.year == 2017}
    care = {row[:2]: (row[5], row[7]) for row in of_year["helse_omsorg"].sensitivity}
    rest = {row[:2]: (row[5], row[7]) for row in of_year["vanskeligstilte"].sensitivity}
    assert len(rest) == 5
    assert care == {key: (-low, -high) for key, (low, high) in rest.items()}
    assert of_year["uten_behovsproving"].sensitivity == []


def test_a_year_without_a_survey_says_that_it_has_no_interval(written):
    assert "Ikke noe intervall: det var ingen undersøkelse i året." in text_of(
        written["tall/2019-vanskeligstilte.html"]
    )


def test_synthetic_data_are_called_synthetic_on_every_page(gathered, written):
    assert all(national.BANNER[0] in page for page in written.values())
    assert not any(national.BANNER[0] in page for page in national.render(gathered[0], False).values())


def test_no_figure_is_missing_from_a_sum(gathered):
    for year in {f.year for f in gathered[0]}:
        of_year = [f for f in gathered[0] if f.year == year]
        assert sum(f.value for f in of_year) == of_year[0].stock_with


def test_a_page_of_an_earlier_warehouse_goes(tmp_path):
    site = tmp_path / "docs" / "_site"
    (tmp_path / "warehouse").mkdir()
    shutil.copyfile(paths.WAREHOUSE, tmp_path / "warehouse" / paths.WAREHOUSE.name)
    (site / national.FOLDER).mkdir(parents=True)
    (site / national.FOLDER / "1999-annet.html").write_text("gammel")
    page = national.write(tmp_path, site)
    assert page.exists() and not (site / national.FOLDER / "1999-annet.html").exists()


@pytest.mark.parametrize(("value", "expected"), [(None, ".."), (0, "0"), (-1234, "−1_234"), (5, "+5")])
def test_changes_have_a_sign(value, expected):
    assert national._signed(value).replace(headline.THIN_SPACE, "_") == expected


def test_names_are_written_as_text_not_as_html(gathered):
    from dataclasses import replace

    figure = replace(gathered[0][0], names=("<b>navn", "<b>name"))
    for page in national.render([figure], False).values():
        assert "<b>" not in page
    assert pages.SHARED.is_dir()
