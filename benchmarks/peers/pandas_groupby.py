"""pandas, as one writes it first: a function of one patient's rows, called by `groupby`, with `merge_asof`."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.peers import subset

COLUMNS = ["patient_id", "time", "signal", "value", "value_text", "end"]
HOURS = {hours: pd.Timedelta(hours=hours) for hours in range(100)}
INSTANT = pd.Timedelta(microseconds=1)  # windows are half open, a tolerance is not
NO, UNKNOWN, YES = 0, 1, 2


def grade(folder: Path, output: Path) -> None:
    """Grade a folder."""
    patients = pd.read_parquet(folder / "patients.parquet").set_index("patient_id")
    events = pd.read_parquet(
        folder / "events.parquet", columns=COLUMNS, filters=[("signal", "in", list(subset.SIGNALS))]
    )
    found = []
    for patient_id, rows in events.groupby("patient_id", sort=True):
        about = patients.loc[patient_id]
        found.append(timeline(rows, about["infusion_time"], about["last_followup"]).assign(patient_id=patient_id))
    table = pa.Table.from_pandas(pd.concat(found)[subset.TIMELINE.names], subset.TIMELINE, preserve_index=False)
    pq.write_table(table, output)


def timeline(rows: pd.DataFrame, start: pd.Timestamp, until: pd.Timestamp) -> pd.DataFrame:
    """The grades of one patient."""
    charted = {signal: some.drop(columns="signal") for signal, some in rows.groupby("signal")}
    none = rows.iloc[:0].drop(columns="signal")
    charted = {signal: charted.get(signal, none) for signal in subset.SIGNALS}
    at = instants(rows, start, until)
    at["fever"] = fever(at, charted[subset.TEMPERATURE], start)
    low, high = hypotension(at, charted)
    oxygen_low, oxygen_high = oxygen(at, charted)
    at["sign_low"] = np.maximum(low, oxygen_low + (oxygen_low > 0))
    at["sign_high"] = np.maximum(high, oxygen_high + (oxygen_high > 0))
    return merged(graded(at, charted))


def instants(rows: pd.DataFrame, start: pd.Timestamp, until: pd.Timestamp) -> pd.DataFrame:
    """All moments at which something may change, from `start` to `until`."""
    windows = (0, subset.BOLUS_H, subset.INFUSION_H, subset.VALID_H, subset.FEVER_H, subset.INFUSION_UNKNOWN_H)
    times = [rows["time"] + HOURS[hours] for hours in (*windows, subset.VALID_H + subset.LAPSED_H)]
    found = pd.concat([*times, rows["end"].dropna(), pd.Series([start])]).drop_duplicates().sort_values()
    found = found[(found >= start) & (found < until)].reset_index(drop=True)
    return pd.DataFrame({"time": found, "until": found.shift(-1).fillna(until)})


def newest(at: pd.DataFrame, rows: pd.DataFrame, hours: int | None = None) -> pd.DataFrame:
    """The newest row at each instant, where it is not older than so many hours; with its time as `since`."""
    rows = rows.assign(since=rows["time"])
    tolerance = None if hours is None else HOURS[hours] - INSTANT
    return pd.merge_asof(at[["time"]], rows, on="time", tolerance=tolerance)


def fever(at: pd.DataFrame, readings: pd.DataFrame, start: pd.Timestamp) -> np.ndarray:
    """Yes for 24 h after a reading of 38.0 or more, else no while the newest is valid."""
    readings = readings[readings["time"] >= start]
    hot = newest(at, readings[readings["value"] >= subset.FEVER_CEL], subset.FEVER_H)["value"].notna()
    valid = newest(at, readings, subset.VALID_H)["value"].notna()
    return np.select([hot, valid], [YES, NO], UNKNOWN)


def hypotension(at: pd.DataFrame, charted: dict[str, pd.DataFrame]) -> tuple[np.ndarray, np.ndarray]:
    """The grade of pressure and vasopressors, lowest and highest."""
    running = np.array([runs(at, charted[drug]) for drug in subset.VASOPRESSORS])
    surely, perhaps = (running == YES).sum(axis=0), (running != NO).sum(axis=0)
    bolus = newest(at, charted[subset.BOLUS], subset.BOLUS_H)["value"].notna()
    pressure = newest(at, charted[subset.SYSTOLIC], subset.VALID_H)["value"]
    certain = (surely > 0) | bolus | (pressure < subset.SYSTOLIC_MMHG)
    possible = certain | (perhaps > 0) | pressure.isna()
    return np.where(certain, 2 + surely, 0), np.where(possible, 2 + perhaps, 0)


def runs(at: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray:
    """Whether a drug runs, by its newest row."""
    row = newest(at, rows)
    age = row["time"] - row["since"]
    with_end = row["end"].notna()
    off = row["since"].isna() | (row["value"] == 0) | (with_end & (row["time"] >= row["end"]))
    unknown = ~with_end & (age >= HOURS[subset.INFUSION_H])
    return np.select([off | (unknown & (age >= HOURS[subset.INFUSION_UNKNOWN_H])), unknown], [NO, UNKNOWN], YES)


def oxygen(at: pd.DataFrame, charted: dict[str, pd.DataFrame]) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and the highest class of support."""
    devices = charted[subset.DEVICE].drop(columns=["value", "end"])
    flows = charted[subset.FLOW][["time", "value"]].rename(columns={"value": "flow"})
    device = newest(at, devices.merge(flows, on="time", how="left"))
    age = device["time"] - device["since"]
    word, flow, worn = device["value_text"], device["flow"], device["value_text"].notna()
    valid, room_air = worn & (age < HOURS[subset.VALID_H]), worn & (word == subset.ROOM_AIR)
    lapsed = worn & ~room_air & ~valid & (age < HOURS[subset.VALID_H + subset.LAPSED_H])
    given, saturation = valid & ~room_air, newest(at, charted[subset.SPO2], subset.VALID_H)["value"]
    cannula = given & (word == subset.CANNULA)
    own = word.map(subset.CLASS_OF).fillna(0).astype(int)
    when = [
        cannula & flow.isna(), cannula & (flow > subset.LOW_FLOW_L_MIN), cannula, given, lapsed,
        saturation < subset.SPO2_PERCENT, saturation.notna() | (valid & room_air),
    ]  # fmt: skip
    lowest = [subset.CANNULA_CLASSES[0], 2, 1, own, subset.ANY_CLASS[0], subset.POOR_CLASSES[0], 0]
    highest = [subset.CANNULA_CLASSES[1], 2, 1, own, subset.ANY_CLASS[1], subset.POOR_CLASSES[1], 0]
    return np.select(when, lowest, subset.ANY_CLASS[0]), np.select(when, highest, subset.ANY_CLASS[1])


def graded(at: pd.DataFrame, charted: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The grade at each instant: episodes, their first fever, whether they are treated, the grade."""
    active = (at["fever"] != NO) | (at["sign_high"] > 0)
    last_active = at["until"].where(active).ffill().shift()
    episode = (active & (at["time"] - last_active >= HOURS[subset.REOPEN_H])).cumsum()
    onset = at["time"].where(at["fever"] == YES).groupby(episode).transform("min")
    doses = pd.concat([charted[drug] for drug in subset.TREATING]).sort_values("time")
    treated = newest(at, doses)["since"] >= onset - HOURS[subset.TREATED_BEFORE_H]
    fever, low, high = at["fever"], at["sign_low"], at["sign_high"]
    begun = at["time"] >= onset
    unseen = (fever == UNKNOWN) & (low == 0)
    with_low, with_high = low.clip(lower=1), high.clip(lower=1)
    when = [unseen, fever == YES, (fever == NO) & ~begun]
    at["low"] = np.select(when, [np.nan, with_low, 0], low.where(treated, 0))
    at["high"] = np.select(when, [np.nan, with_high, 0], with_high.where(fever == UNKNOWN, high))
    return at


def merged(at: pd.DataFrame) -> pd.DataFrame:
    """One row for each stretch in which the grade does not change."""
    grades = at[["low", "high"]].fillna(-1)
    stretch = (grades != grades.shift()).any(axis=1).cumsum()
    found = at.groupby(stretch).agg(
        start=("time", "first"), end=("until", "last"), low=("low", "first"), high=("high", "first")
    )
    return found.astype({"low": "Int8", "high": "Int8"})


if __name__ == "__main__":
    subset.run(grade)
