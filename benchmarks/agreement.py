"""The comparison programs against the oracle, and the product against both, before anything is measured.

python -m benchmarks.agreement
"""

import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.generate import DATA, generate
from benchmarks.peers.subset import DEVICE, SPO2, TIMELINE, VASOPRESSORS

PATIENTS, SEED = 200, 2024  # a seed used for nothing else
PEERS = ("pandas_groupby", "polars_plan", "duckdb_plan")
SCALE = "crs-astct-2019"
NOT_ROUSED = ("tactile", "unarousable")
VENTILATED = "invasive ventilation"
DOUBTED = "positive pressure, and a seizure or an arousal for which it may protect the airway"
Timelines = dict[str, list[tuple[Any, ...]]]


class Agreement(NamedTuple):
    """How many patients were compared, how many timeline rows they have, and who was left out, by reason."""

    what: str
    patients: int
    rows: int
    left_out: dict[str, int]

    def __str__(self) -> str:
        out = "; ".join(f"{number:,} with {reason}" for reason, number in sorted(self.left_out.items()))
        found = f"{self.what}: {self.patients:,} patients equal, {self.rows:,} timeline rows"
        return f"{found}; left out: {out}" if out else found


def main() -> None:
    """Compare, print, and exit with an error at the first difference."""
    for one in agreements():
        print(one)


def agreements() -> list[Agreement]:
    """The programs on ward patients, and on the same with gaps; the product on ward patients."""
    plain, gaps = generate(PATIENTS, SEED), DATA / f"gaps-{PATIENTS}-seed{SEED}"
    with_gaps(plain, gaps)
    with TemporaryDirectory(dir=DATA) as name:
        output, found = Path(name), []
        for what, folder in (("ward", plain), ("ward with gaps", gaps)):
            truth = timelines(program("oracle", folder, output / "oracle.parquet"))
            for peer in PEERS:
                other = timelines(program(f"peers.{peer}", folder, output / f"{peer}.parquet"))
                found.append(compare(f"{peer} = oracle, {what}", truth, other, {}))
            if folder == plain:
                graded = timelines(product(folder, output / "graded") / "timeline.parquet")
                found.append(compare("cytovigil = oracle, ward", truth, graded, left_out(folder)))
        return found


def program(name: str, folder: Path, output: Path) -> Path:
    """Let one of the programs grade a folder."""
    subprocess.run([sys.executable, "-m", f"benchmarks.{name}", str(folder), str(output)], check=True)
    return output


def product(folder: Path, output: Path) -> Path:
    """Let the product grade a folder."""
    command = [sys.executable, "-m", "cytovigil", "grade", str(folder), "-o", str(output), "--scales", SCALE]
    subprocess.run([*command, "--report", "none"], check=True, stdout=subprocess.DEVNULL)
    return output


def compare(what: str, one: Timelines, other: Timelines, reasons: dict[str, str]) -> Agreement:
    """Exits with an error where a patient who is not left out differs. `reasons` by patient."""
    compared = sorted(one.keys() - reasons.keys())
    if one.keys() != other.keys():
        sys.exit(f"{what}: not the same patients")
    for patient_id in compared:
        if one[patient_id] != other[patient_id]:
            differing = set(one[patient_id]) ^ set(other[patient_id])
            sys.exit(f"{what}: {patient_id} differs: {sorted(differing, key=lambda row: row[0])[:4]}")
    return Agreement(what, len(compared), sum(len(one[name]) for name in compared), dict(Counter(reasons.values())))


def timelines(path: Path) -> Timelines:
    """By patient (start, end, low, high) where these change; a timeline of the product changes for more reasons."""
    table = pq.read_table(path, columns=TIMELINE.names).cast(TIMELINE)
    plain = [column.cast(pa.int64()) if pa.types.is_timestamp(column.type) else column for column in table.columns]
    found: Timelines = {}
    for patient_id, *row in zip(*(column.to_pylist() for column in plain), strict=True):
        rows = found.setdefault(patient_id, [])
        if rows and rows[-1][1:] == (row[0], *row[2:]):
            rows[-1] = (rows[-1][0], *row[1:])
        else:
            rows.append(tuple(row))
    return found


def left_out(folder: Path) -> dict[str, str]:
    """Patients whose charts go beyond the subset, and why: see subset.md."""
    signals = [DEVICE, "seizure", "consciousness"]
    table = pq.read_table(
        folder / "events.parquet", columns=["patient_id", "signal", "value_text"], filters=[("signal", "in", signals)]
    )
    word, signal = table["value_text"], table["signal"]

    def who(rows: pa.ChunkedArray) -> set[str]:
        return set(table.filter(rows)["patient_id"].unique().to_pylist())

    doubt = pc.or_(pc.equal(signal, "seizure"), pc.is_in(word, pa.array(NOT_ROUSED)))
    doubted = who(pc.equal(word, "bipap")) & who(pc.fill_null(doubt, False))
    return dict.fromkeys(doubted, DOUBTED) | dict.fromkeys(who(pc.equal(word, "invasive_ventilation")), VENTILATED)


def with_gaps(folder: Path, into: Path) -> None:
    """The same patients, of whom signals are not charted for a day or so, saturation falls, and ends are left out.

    Ward patients are charted every few hours: only with gaps do validities expire.
    """
    if (into / "events.parquet").exists():
        return
    into.mkdir(exist_ok=True)
    pq.write_table(pq.read_table(folder / "patients.parquet"), into / "patients.parquet")
    table = pq.read_table(folder / "events.parquet")
    pq.write_table(pa.Table.from_pylist(_with_gaps(table.to_pylist()), table.schema), into / "events.parquet")


def _with_gaps(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    kept = []
    for row in rows:
        stretch = int(row["time"].timestamp()) // (20 * 3600)
        chance = Random(f"{row['patient_id']}/{row['signal']}/{stretch}").random()  # not for secrets
        changed = {"value": row["value"] - 8} if row["signal"] == SPO2 else {"end": None}
        if chance >= 0.45:
            kept.append(row | changed if chance < 0.6 and row["signal"] in (SPO2, *VASOPRESSORS) else row)
    return kept


if __name__ == "__main__":
    main()
