"""Whole numbers that keep their sums: largest remainder, with room for floors and ceilings."""

import zlib

import numpy as np


def stream(seed: int, *names: object) -> np.random.Generator:
    """A random stream of its own per name, so that a new draw never moves the others."""
    return np.random.default_rng([seed, zlib.crc32("|".join(map(str, names)).encode())])


def allocate(weights, total: int, ceiling=None, floor=None) -> np.ndarray:
    """Split total by weights into whole numbers with floor <= part <= ceiling and exactly that sum."""
    weights = np.maximum(np.asarray(weights, dtype=float), 0)
    low = np.zeros(len(weights), dtype=np.int64) if floor is None else np.asarray(floor, dtype=np.int64)
    high = np.full(len(weights), total, dtype=np.int64) if ceiling is None else np.asarray(ceiling, np.int64)
    high = np.where(weights > 0, high, low)
    if not low.sum() <= total <= high.sum():
        raise ValueError(f"cannot split {total} between {low.sum()} and {high.sum()}")
    ideal = _ideal(weights, total, low, high)
    parts = np.clip(np.floor(ideal).astype(np.int64), low, high)
    remainder = np.round(ideal - parts, 9)
    # Ties fall to the first unit: argsort is stable, so the same weights always give the same parts.
    while (rest := total - int(parts.sum())) != 0:
        step = 1 if rest > 0 else -1
        free = parts < high if step > 0 else parts > low
        order = np.argsort(-step * np.where(free, remainder, -step * np.inf), kind="stable")
        chosen = order[: min(abs(rest), int(free.sum()))]
        parts[chosen] += step
        remainder[chosen] -= step
    return parts


def _ideal(weights, total: int, low, high) -> np.ndarray:
    """Real-valued shares of total, proportional to weights wherever the bounds do not bite."""
    fixed = np.zeros(len(weights), dtype=bool)
    ideal = low.astype(float)
    for _ in range(len(weights)):
        rest = total - ideal[fixed].sum()
        free_weight = weights[~fixed].sum()
        if free_weight <= 0:
            break
        ideal[~fixed] = np.round(weights[~fixed] * (rest / free_weight), 9)
        above, below = ~fixed & (ideal > high), ~fixed & (ideal < low)
        if not above.any() and not below.any():
            break
        surplus = (ideal - high)[above].sum() >= (low - ideal)[below].sum()
        hit = above if surplus else below
        ideal[hit] = (high if surplus else low)[hit]
        fixed |= hit
    return ideal


def split(whole, weights: list, totals: list[int]) -> list[np.ndarray]:
    """Split every unit's whole into groups: groups add to the whole, and units to the groups' totals."""
    rest = np.asarray(whole, dtype=np.int64).copy()
    if sum(totals) != rest.sum():
        raise ValueError(f"groups add to {sum(totals)}, the whole to {rest.sum()}")
    parts = []
    for number, total in enumerate(totals):
        if number == len(totals) - 1:
            part = rest.copy()
        else:
            later = np.sum(weights[number:], axis=0)
            part = allocate(rest * weights[number] / later, total, ceiling=rest)
        parts.append(part)
        rest -= part
    return parts


def shares_to_totals(whole: int, shares: list[float]) -> list[int]:
    """Whole numbers for a list of shares; the last group takes what is left."""
    parts = [round(whole * share) for share in shares]
    return [*parts, whole - sum(parts)]
