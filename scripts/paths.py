"""Where things are, relative to the project root."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "data" / "demo"
SEEDS = ROOT / "seeds"
DEFINITIONS = SEEDS / "definisjoner"
WAREHOUSE = ROOT / "warehouse" / "kommunale_boliger.duckdb"
