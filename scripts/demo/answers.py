"""What every unit would answer if nothing went wrong: rows of skjema 13 and of the KMD survey, all text."""

import numpy as np
import pandas as pd

from scripts.demo.allocate import allocate, stream
from scripts.demo.regions import OSLO, Regions
from scripts.demo.targets import Targets, read_csv
from scripts.demo.truth import Truth
from scripts.paths import DEFINITIONS

SURVEY_YEAR = 2017
CITY_ONLY = (2015,)
DISTRICTS_ONLY = (2016,)


def fields_of(source: str, year: int) -> pd.DataFrame:
    """The catalogue's fields of one delivery, in the order of the file."""
    fields = read_csv(DEFINITIONS / f"{source}_felt.csv")
    last = fields.gyldig_til.replace("", "9999").astype(int)
    valid = (fields.gyldig_fra.astype(int) <= year) & (last >= year)
    fields = fields[valid & (fields.status != "innhold_ikke_kjent")]
    return fields.sort_values("rekkefoelge", key=lambda order: order.astype(int)).reset_index(drop=True)


def number_fields(source: str, year: int) -> list[str]:
    """The fields that hold whole numbers."""
    fields = fields_of(source, year)
    return fields.felt[fields.datatype == "heltall"].tolist()


def with_city(frame: pd.DataFrame, regions: Regions, year: int) -> pd.DataFrame:
    """The truth with a row for Oslo: the sum of its bydeler."""
    districts = frame[frame.enhet_type == "bydel"]
    city = districts.sum(numeric_only=True).to_dict() | {
        "aargang": year,
        "enhet_nr": OSLO,
        "enhet_navn": regions.names(year)[OSLO],
        "komm_nr": OSLO,
        "enhet_type": "kommune",
        "klasse": "K5",
    }
    for field in ("kommunal_bostotte_ordning", "kommunal_bostotte_navn", "husleie_under_marked"):
        city[field] = districts[field].iloc[0]
    rows = pd.concat([frame, pd.DataFrame([city])], ignore_index=True)
    return rows.astype(frame.dtypes).sort_values("enhet_nr", ignore_index=True)


def form_truth(truth: Truth, year: int) -> pd.DataFrame:
    """The truth of every unit that delivers skjema 13 in the year, with the size group of the fault plan."""
    frame = with_city(truth.years[year], truth.regions, year)
    if year in CITY_ONLY:
        frame = frame[frame.enhet_type == "kommune"]
    elif year in DISTRICTS_ONLY:
        frame = frame[frame.enhet_nr != OSLO]
    frame = frame.reset_index(drop=True)
    frame["vanlig"] = (frame.komm_nr != OSLO) & (frame.boliger_i_alt > 0)
    frame["nullenhet"] = frame.boliger_i_alt == 0
    return frame


def form_rows(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    """Skjema 13 as text, one row per unit, in the columns of the catalogue."""
    fields = fields_of("skjema13", year).felt
    rows = frame.assign(ingenting_aa_rapportere="", aargang=year)
    return rows[fields].astype(str)


def _choose(generator: np.random.Generator, candidates: np.ndarray, count: int) -> np.ndarray:
    return generator.permutation(candidates)[:count]


def responding(frame: pd.DataFrame, targets: Targets, seed: int) -> np.ndarray:
    """Which units answer: the published response, rising with size. Oslo counts as one; all bydeler answer.

    The published share of the stock is met by drawing again until it is, always from the same stream.
    """
    districts = (frame.enhet_type == "bydel").to_numpy()
    classes = ["K1", "K2", "K3", "K4", "K5"]
    sizes = np.array([(frame.klasse == k).sum() + (k == "K5") for k in classes])
    total = round(targets.share("svar_kommuner") * sizes.sum())
    shares = np.array([targets.share(f"svar_{k}") for k in classes])
    largest = round(shares[-1] * sizes[-1])
    counts = [*allocate(shares[:-1] * sizes[:-1], total - largest, ceiling=sizes[:-1]), largest - 1]
    generator = stream(seed, "kmd", "svar")
    wanted = targets.share("svar_beholdning")
    for _ in range(1000):
        answered = districts.copy()
        for klasse, count in zip(classes, counts, strict=True):
            members = np.flatnonzero((frame.klasse == klasse).to_numpy())
            answered[_choose(generator, members, count)] = True
        share = frame.boliger_i_alt[answered].sum() / frame.boliger_i_alt.sum()
        if abs(share - wanted) < 0.003:
            return answered
    raise ValueError(f"no draw of respondents covers {wanted:.0%} of the stock")


def survey_truth(truth: Truth) -> pd.DataFrame:
    """The survey's truth, one row per invited unit, with what each answered."""
    targets, seed = truth.targets, truth.seed
    frame = truth.years[SURVEY_YEAR].sort_values("enhet_nr", ignore_index=True)
    frame["svarer"] = responding(frame, targets, seed)
    frame["vanlig"] = (frame.komm_nr != OSLO) & (frame.boliger_i_alt > 0) & frame.svarer
    generator = stream(seed, "kmd", "svarverdier")
    ordinary = np.flatnonzero(frame.vanlig)
    answered = np.flatnonzero(frame.svarer)
    # The unit's own total differs from its form for some: other people filled it in.
    differs = _choose(generator, ordinary, round(targets.share("ulik_beholdning") * len(answered)))
    spread = targets.number("ulik_beholdning_spredning")
    factor = np.exp(spread * generator.standard_normal(len(differs)))
    stock = frame.boliger_i_alt.to_numpy()[differs]
    change = np.round(stock * (factor - 1)).astype(np.int64)
    change = np.maximum(np.where(change == 0, 1, change), -frame.vanskeligstilte.to_numpy()[differs])
    for field in ("boliger_i_alt", "vanskeligstilte"):
        frame.loc[differs, field] += change
    _built_with_grant(frame, answered, targets, generator)
    first, last = (np.datetime64(targets.text(name)) for name in ("foerste_svardato", "siste_svardato"))
    days = generator.integers(0, (last - first).astype(int) + 1, len(frame))
    frame["innsendt_dato"] = np.datetime_as_string(first + days)
    return frame


def _built_with_grant(frame, answered, targets: Targets, generator) -> None:
    """Item non-response, and a gap between care and grant dwellings in the published share of answers."""
    blank = {}
    for name in ("omsorgsboliger", "tilskudd_mva"):
        count = round((1 - targets.share(f"svar_{name}")) * len(answered))
        pool = answered if name == "tilskudd_mva" else np.flatnonzero(frame.vanlig)
        blank[name] = np.isin(np.arange(len(frame)), _choose(generator, pool, count))
    both = np.setdiff1d(answered, np.flatnonzero(blank["omsorgsboliger"] | blank["tilskudd_mva"]))
    unequal_count = round(targets.share("ulikt_tilskudd_mva") * len(both))
    large_enough = both[frame.omsorgsboliger.to_numpy()[both] >= 5]
    unequal = _choose(generator, large_enough, unequal_count)
    care = frame.omsorgsboliger.to_numpy()[unequal]
    more_care = np.arange(len(unequal)) < round(targets.share("ulikt_flere_omsorg") * len(unequal))
    part = generator.uniform(0.1, 0.8, len(unequal))
    gap = np.maximum(np.round(care * np.where(more_care, part, part / 4)).astype(np.int64), 1)
    before_1994 = np.arange(len(unequal)) < round(targets.share("ulikt_foer_1994") * more_care.sum())
    frame["omsorgsboliger_tilskudd_mva"] = frame.omsorgsboliger
    frame["omsorgsboliger_foer_1994"] = 0
    frame.loc[unequal, "omsorgsboliger_tilskudd_mva"] += np.where(more_care, -gap, gap)
    frame.loc[unequal, "omsorgsboliger_foer_1994"] = np.where(before_1994, gap, 0)
    frame["blank_omsorgsboliger"], frame["blank_tilskudd"] = blank["omsorgsboliger"], blank["tilskudd_mva"]


def survey_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """The survey as text, one row per invited unit; a unit that did not answer has blanks."""
    fields = fields_of("kmd", SURVEY_YEAR).felt
    rows = frame.assign(
        aargang=SURVEY_YEAR,
        besvart=np.where(frame.svarer, "ja", "nei"),
        svar_usikkert="nei",
        kommentar="",
    )[fields].astype(str)
    rows.loc[frame.blank_omsorgsboliger, "omsorgsboliger"] = ""
    rows.loc[frame.blank_tilskudd, ["omsorgsboliger_tilskudd_mva", "omsorgsboliger_foer_1994"]] = ""
    asked = [field for field in fields if field not in ("aargang", "enhet_nr", "enhet_navn", "besvart")]
    rows.loc[~frame.svarer, asked] = ""
    return rows
