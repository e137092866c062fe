"""Synthetic persons in pools that live on from year to year: stayers, leavers and newcomers per unit."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from scripts.demo.regions import Regions
from scripts.demo.targets import Targets

# A permutation of the eight-digit numbers, so that a pseudonym does not tell when it was made.
SPREAD, SHIFT, ROOM = 48271, 13577, 10**8


@dataclass
class People:
    """Hands out persons, numbered from first; number, birth year, sex and kind of id never change."""

    targets: Targets
    first: int
    made: int = 0

    def new(self, units: np.ndarray, year: int, starts: np.ndarray, generator) -> pd.DataFrame:
        """Persons who come to units on the given days."""
        count = len(units)
        number = self.first + self.made + np.arange(count)
        self.made += count
        old, young = self.targets.share("andel_80_aar_og_mer"), self.targets.share("andel_under_50_aar")
        group = np.searchsorted([young, 1 - old], generator.random(count))
        age = generator.integers(np.array([19, 50, 80])[group], np.array([50, 80, 98])[group])
        women = generator.random(count) < self.targets.share("andel_kvinner")
        kind = np.array(["1", "2", "10"])[np.searchsorted([0.97, 0.99], generator.random(count))]
        born = np.minimum(year - age, starts.astype("datetime64[Y]").astype(int) + 1970)
        return pd.DataFrame(
            {
                "person": number,
                "enhet": units,
                "start": starts,
                "foedselsaar": born,
                "kjoenn": np.where(women, "2", "1"),
                "id_type": kind,
                "lodd": generator.random(count),
            }
        )


def pseudonym(number: np.ndarray) -> np.ndarray:
    """SYN and eight digits: obviously no real identifier."""
    return np.char.add("SYN", np.char.zfill((((number + 1) * SPREAD + SHIFT) % ROOM).astype(str), 8))


def days(year: int, generator, count: int, last: int = 363) -> np.ndarray:
    """Random days of a year, never its last."""
    return np.datetime64(f"{year}-01-01") + generator.integers(0, last + 1, count)


@dataclass
class Pool:
    """The persons with one kind of service at the end of a year."""

    people: People
    members: pd.DataFrame = field(default_factory=pd.DataFrame)

    def fill(self, units: list[str], counts: np.ndarray, year: int, generator) -> None:
        """The pool at the end of the year before the first file, with starts some years back."""
        where = np.repeat(np.array(units), counts)
        back = np.minimum(generator.exponential(5 * 365, len(where)), 25 * 365).astype(np.int64) + 1
        self.members = self.people.new(where, year, np.datetime64(f"{year}-12-31") - back, generator)

    def moved(self, regions: Regions, year: int, generator) -> pd.DataFrame:
        """The members at the year's own unit codes; persons of a split unit are drawn by its parts."""
        before, after = (regions.divisions[y].units.enhet_nr.to_numpy() for y in (year - 1, year))
        step = regions.step(year)
        place = pd.Series(np.arange(len(before)), index=before)[self.members.enhet].to_numpy()
        draw, target = generator.random(len(place)), step.argmax(axis=0)[place]
        for number in np.flatnonzero((step > 0).sum(axis=0) > 1):
            here = place == number
            target[here] = np.searchsorted(np.cumsum(step[:, number]), draw[here] * (1 - 1e-9), side="right")
        return self.members.assign(enhet=after[target])


def turn(pool: pd.DataFrame, units: list[str], stay: np.ndarray, leave: np.ndarray, people, year, generator):
    """One year: per unit `stay` persons remain or come, `leave` have left by the end of the year.

    Leavers are drawn from those who lived there; only where these are too few does a newcomer leave again.
    Returns everyone of the year, with slutt and doed (NaT where open), and the pool at its end.
    """
    place = pd.Series(np.arange(len(units)), index=units)[pool.enhet].to_numpy()
    order = np.lexsort((generator.random(len(pool)), place))
    pool, place = pool.iloc[order], place[order]
    have = np.bincount(place, minlength=len(units))
    rank = np.arange(len(pool)) - np.repeat(np.cumsum(have) - have, have)
    from_pool = np.minimum(leave, have)
    come = stay + leave - have
    where = np.repeat(np.arange(len(units)), come)
    rank_new = np.arange(len(where)) - np.repeat(np.cumsum(come) - come, come)
    again = rank_new < np.repeat(leave - from_pool, come)
    new = people.new(np.array(units)[where], year, days(year, generator, len(where), 180), generator)
    everyone = pd.concat([pool, new], ignore_index=True)
    leaves = np.concatenate([rank < from_pool[place], again])
    end = np.where(leaves, days(year, generator, len(everyone)), np.datetime64("NaT"))
    start = everyone.start.to_numpy().astype("datetime64[D]")
    end = np.where(end < start, start + 1, end)
    dies = generator.random(len(everyone)) < people.targets.share("andel_doede_blant_avsluttede")
    everyone["slutt"] = end.astype("datetime64[D]")
    everyone["doed"] = np.where(leaves & dies, everyone.slutt, np.datetime64("NaT")).astype("datetime64[D]")
    columns = pool.columns
    return everyone, everyone.loc[~leaves, columns].reset_index(drop=True)
