"""The marts of the demonstration delivery are as git says, and a change is seen."""

import pytest

from scripts import expected
from scripts.__main__ import main
from scripts.errors import UserError


def test_the_marts_are_as_expected():
    assert not expected.differences(expected.figures(), expected.read())


def test_a_changed_a_lost_and_a_new_figure_are_named():
    old = {("a", "2017", ""): "1", ("a", "2017", "antall"): "5", ("b", "", ""): "2"}
    new = {("a", "2017", ""): "1", ("a", "2017", "antall"): "6", ("c", "", ""): "3"}
    assert expected.differences(new, old) == [
        "a 2017 antall: found 6, expected 5",
        "b  rows: found nothing, expected 2",
        "c  rows: found 3, expected nothing",
    ]


def test_the_command_names_what_is_wrong(monkeypatch, capsys, tmp_path):
    changed = {**expected.read(), ("boligmasse_formaal", "2017", ""): "7"}
    monkeypatch.setattr(expected, "read", lambda: changed)
    assert main(["expected"]) == 1
    assert "boligmasse_formaal 2017 rows: found" in capsys.readouterr().err


def test_missing_files_give_a_sentence(tmp_path):
    with pytest.raises(UserError, match="make build"):
        expected.figures(tmp_path / "none.duckdb")
    with pytest.raises(UserError, match="--write"):
        expected.read(tmp_path / "none.csv")
    (tmp_path / "bad.csv").write_text("a,b\n")
    with pytest.raises(UserError, match="line 1"):
        expected.read(tmp_path / "bad.csv")
