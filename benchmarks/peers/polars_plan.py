"""polars, changes first: of each signal only changes and expiries are kept; all sorting and filling is of these few."""

from pathlib import Path

import polars as pl

from benchmarks.peers import subset

NO, UNKNOWN, YES = 0, 1, 2
FINE, POOR = 0, 2  # of pressure and saturation; between them UNKNOWN
NOTHING, LAPSED, ROOM_AIR, LOW, HIGH, LOW_OR_HIGH, POSITIVE = range(7)  # what is charted of a device
CLASSES = {LOW: (1, 1), HIGH: (2, 2), LOW_OR_HIGH: subset.CANNULA_CLASSES, POSITIVE: (3, 3), LAPSED: subset.ANY_CLASS}
COLUMNS = {subset.TEMPERATURE: ("value", "infusion_time"), subset.DEVICE: ("value_text",)} | dict.fromkeys(
    subset.VASOPRESSORS, ("value", "end")
)  # other than `value` alone
LONG_AGO = pl.datetime(1900, 1, 1, time_unit="us", time_zone="UTC")

p, t = pl.col("p"), pl.col("time")  # the patient, and the moment
HERE = pl.col("p") == pl.col("p").shift()  # the row before is of the same patient
NEXT = pl.when(pl.col("p") == pl.col("p").shift(-1)).then(t.shift(-1))  # null: there is none


def grade(folder: Path, output: Path) -> None:
    """Grade a folder."""
    patients = (
        pl.read_parquet(folder / "patients.parquet", columns=["patient_id", "infusion_time", "last_followup"])
        .sort("patient_id")
        .with_row_index("p")
    )
    rows = charted(folder, patients)
    signs = graded_signs(side_by_side(tracks(rows, patients), patients))
    timeline(signs, patients).write_parquet(output)


def charted(folder: Path, patients: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The rows of each signal, by patient and time, as they are in the file; `p` is the place of the patient."""
    events = pl.scan_parquet(folder / "events.parquet")
    places = patients.lazy().select("p", "patient_id", "infusion_time")
    wanted = [
        events.filter(pl.col("signal") == signal)
        .join(places, on="patient_id", maintain_order="left")
        .select("p", "time", *COLUMNS.get(signal, ("value",)))
        for signal in subset.SIGNALS
    ]
    return dict(zip(subset.SIGNALS, pl.collect_all(wanted, engine="streaming"), strict=True))


def tracks(rows: dict[str, pl.DataFrame], patients: pl.DataFrame) -> list[pl.DataFrame]:
    """The moments at which the state of something changes, each with a column of its own for the new state."""
    doses = pl.concat([rows[drug] for drug in subset.TREATING]).select("p", "time", dose="time")
    pressure, saturation = rows[subset.SYSTOLIC], rows[subset.SPO2]
    return [
        fever(rows[subset.TEMPERATURE]).rename({"state": "fever"}),
        measured(pressure, pl.col("value") < subset.SYSTOLIC_MMHG).rename({"state": "pressure"}),
        measured(saturation, pl.col("value") < subset.SPO2_PERCENT).rename({"state": "saturation"}),
        device(rows[subset.DEVICE], rows[subset.FLOW]).rename({"state": "device"}),
        bolus(rows[subset.BOLUS]).rename({"state": "bolus"}),
        *(infusion(rows[drug]).rename({"state": drug}) for drug in subset.VASOPRESSORS),
        doses,
        patients.select("p", time="infusion_time"),
    ]


def compressed(rows: pl.DataFrame, ends: pl.Expr, expiries: list[tuple[pl.Expr, pl.Expr]]) -> pl.DataFrame:
    """Rows whose `state` is not what the row before ends in, and expiries that come before the next row.

    `ends` is the state just before the next row; of each expiry the time and the state from then on.
    """
    rows = rows.with_columns(next=NEXT)
    changes = rows.filter((~HERE).fill_null(True) | (pl.col("state") != ends.shift()))
    found = [changes.select("p", "time", pl.col("state").cast(pl.Int8))]
    for time, state in expiries:
        expired = rows.select("p", time=time, state=state.cast(pl.Int8), next="next")
        found.append(
            expired.filter(t.is_not_null() & (t < pl.col("next")).fill_null(True)).select("p", "time", "state")
        )
    return pl.concat(found)


def lasts(time: pl.Expr) -> pl.Expr:
    """True where the next row comes at this time or before it: a row goes before an expiry at the same moment."""
    return (pl.col("next") <= time).fill_null(False)


def fever(rows: pl.DataFrame) -> pl.DataFrame:
    """Yes for 24 h after a reading of 38.0 or more, else no while the newest is valid."""
    hot = pl.col("value") >= subset.FEVER_CEL
    rows = rows.filter(t >= pl.col("infusion_time")).with_columns(
        hot_p=pl.when(hot).then(p).forward_fill(),
        over=pl.when(hot).then(t.dt.offset_by(f"{subset.FEVER_H}h")).forward_fill(),
    )
    mine = ((pl.col("hot_p") == p) & (t < pl.col("over"))).fill_null(False)
    rows = rows.with_columns(state=pl.when(mine).then(YES).otherwise(NO), over=pl.when(mine).then("over"))
    valid = t.dt.offset_by(f"{subset.VALID_H}h")
    over, is_yes = pl.col("over"), pl.col("state") == YES
    after = pl.when(over < valid).then(NO).otherwise(UNKNOWN)
    ends = pl.when(is_yes & lasts(over)).then(YES).when(lasts(valid)).then(NO).otherwise(UNKNOWN)
    outlives = pl.when((~is_yes) | (valid > over)).then(valid)
    return compressed(rows, ends, [(over, after), (outlives, pl.lit(UNKNOWN))])


def measured(rows: pl.DataFrame, is_poor: pl.Expr) -> pl.DataFrame:
    """Fine or poor while valid."""
    valid = t.dt.offset_by(f"{subset.VALID_H}h")
    ends = pl.when(lasts(valid)).then("state").otherwise(UNKNOWN)
    rows = rows.with_columns(state=pl.when(is_poor).then(POOR).otherwise(FINE))
    return compressed(rows, ends, [(valid, pl.lit(UNKNOWN))])


def device(rows: pl.DataFrame, flows: pl.DataFrame) -> pl.DataFrame:
    """What is charted of the device: its classes while valid; then, unless it was none, unknown for 48 h."""
    word, flow = pl.col("value_text"), pl.col("flow")
    of_flow = pl.when(flow.is_null()).then(LOW_OR_HIGH).when(flow <= subset.LOW_FLOW_L_MIN).then(LOW).otherwise(HIGH)
    of_word = {name: HIGH if rank == 2 else POSITIVE for name, rank in subset.CLASS_OF.items()}
    of_word[subset.ROOM_AIR] = ROOM_AIR
    cannulas = (
        rows.filter(word == subset.CANNULA)
        .join(flows.select("p", "time", flow="value"), on=["p", "time"], how="left")
        .select("p", "time", "value_text", state=of_flow)
    )
    others = rows.filter(word != subset.CANNULA).select(
        "p", "time", "value_text", state=word.replace_strict(of_word, return_dtype=pl.Int32)
    )
    rows = pl.concat([others, cannulas]).sort("p", "time")
    valid = t.dt.offset_by(f"{subset.VALID_H}h")
    lapsed = t.dt.offset_by(f"{subset.VALID_H + subset.LAPSED_H}h")
    is_worn = pl.col("state") != ROOM_AIR
    ends = pl.when(lasts(valid)).then("state").when(is_worn & lasts(lapsed)).then(LAPSED).otherwise(NOTHING)
    after = pl.when(is_worn).then(LAPSED).otherwise(NOTHING)
    return compressed(rows, ends, [(valid, after), (pl.when(is_worn).then(lapsed), pl.lit(NOTHING))])


def bolus(rows: pl.DataFrame) -> pl.DataFrame:
    """Yes for 6 h."""
    over = t.dt.offset_by(f"{subset.BOLUS_H}h")
    ends = pl.when(lasts(over)).then(YES).otherwise(NO)
    return compressed(rows.with_columns(state=pl.lit(YES)), ends, [(over, pl.lit(NO))])


def infusion(rows: pl.DataFrame) -> pl.DataFrame:
    """Whether a drug runs, by its newest row."""
    end, runs = pl.col("end"), pl.col("state") == YES
    open_ended = runs & end.is_null()
    unknown = pl.when(open_ended).then(t.dt.offset_by(f"{subset.INFUSION_H}h"))
    over = pl.when(open_ended).then(t.dt.offset_by(f"{subset.INFUSION_UNKNOWN_H}h")).when(runs).then(end)
    runs_on, fades = runs & (lasts(end) | lasts(unknown)), open_ended & lasts(over)
    ends = pl.when(runs_on).then(YES).when(fades).then(UNKNOWN).otherwise(NO)
    rows = rows.with_columns(state=pl.when(pl.col("value") == 0).then(NO).otherwise(YES))
    return compressed(rows, ends, [(unknown, pl.lit(UNKNOWN)), (over, pl.lit(NO))])


def side_by_side(found: list[pl.DataFrame], patients: pl.DataFrame) -> pl.DataFrame:
    """All states from each moment on at which one changes, clipped to the graded time: `time` until `until`.

    A row before all others gives each patient the states of one of whom nothing is charted: so one forward fill serves.
    """
    first = patients.select(
        "p", time=LONG_AGO, fever=UNKNOWN, pressure=UNKNOWN, saturation=UNKNOWN, device=NOTHING, bolus=NO,
        dose=LONG_AGO, **dict.fromkeys(subset.VASOPRESSORS, NO),
    )  # fmt: skip
    first = first.with_columns(pl.col(pl.Int32).cast(pl.Int8))
    states = [name for name in first.columns if name not in ("p", "time")]
    last_of_moment = ((p != p.shift(-1)) | (t != t.shift(-1))).fill_null(True)
    until = pl.when(p == p.shift(-1)).then(t.shift(-1)).otherwise("last_followup")
    return (
        pl.concat([first, *found], how="diagonal")
        .sort("p", "time", maintain_order=True)
        .with_columns(pl.col(states).forward_fill())
        .filter(last_of_moment)
        .join(patients.select("p", "infusion_time", "last_followup"), on="p", maintain_order="left")
        .filter((t >= pl.col("infusion_time")) & (t < pl.col("last_followup")))
        .with_columns(until=until)
    )


def graded_signs(states: pl.DataFrame) -> pl.DataFrame:
    """Fever, the lowest and the highest grade of the signs, and the newest dose."""
    running = [pl.col(drug) for drug in subset.VASOPRESSORS]
    surely, perhaps = (pl.sum_horizontal(test(one).cast(pl.Int8) for one in running) for test in (_is_yes, _is_not_no))
    certain = (surely > 0) | (pl.col("bolus") == YES) | (pl.col("pressure") == POOR)
    possible = certain | (perhaps > 0) | (pl.col("pressure") == UNKNOWN)
    low, high = pl.when(certain).then(2 + surely).otherwise(0), pl.when(possible).then(2 + perhaps).otherwise(0)
    oxygen_low, oxygen_high = _oxygen(0), _oxygen(1)
    return states.select(
        "p", "time", "until", "fever", "dose",
        low=pl.max_horizontal(low, oxygen_low + (oxygen_low > 0).cast(pl.Int8)),
        high=pl.max_horizontal(high, oxygen_high + (oxygen_high > 0).cast(pl.Int8)),
    )  # fmt: skip


def _is_yes(state: pl.Expr) -> pl.Expr:
    return state == YES


def _is_not_no(state: pl.Expr) -> pl.Expr:
    return state != NO


def _oxygen(end: int) -> pl.Expr:
    """The lowest (0) or the highest (1) class of support."""
    given, saturation = pl.col("device"), pl.col("saturation")
    classes = {state: ends[end] for state, ends in CLASSES.items()}
    worn = given.replace_strict(classes, default=None, return_dtype=pl.Int8)
    poor, none = saturation == POOR, (saturation == FINE) | (given == ROOM_AIR)
    rest = pl.when(poor).then(subset.POOR_CLASSES[end]).when(none).then(0).otherwise(subset.ANY_CLASS[end])
    return pl.coalesce(worn, rest).cast(pl.Int8)


def timeline(signs: pl.DataFrame, patients: pl.DataFrame) -> pl.DataFrame:
    """Episodes, their first fever, whether they are treated, the grade; equal neighbours as one row."""
    fever, low, high = pl.col("fever"), pl.col("low"), pl.col("high")
    signs = with_episodes(signs, (fever != NO) | (high > 0))
    onsets = signs.filter(fever == YES).group_by("episode").agg(onset=t.min())
    signs = signs.join(onsets, on="episode", how="left", maintain_order="left")
    treated = pl.col("dose") >= pl.col("onset") - pl.duration(hours=subset.TREATED_BEFORE_H)
    before = (fever == NO) & ~(t >= pl.col("onset")).fill_null(False)
    unseen = pl.when((fever == UNKNOWN) & (low == 0)).then(None)
    rest = pl.when(treated).then(low).otherwise(0)
    some_low, some_high = pl.max_horizontal(low, 1), pl.max_horizontal(high, 1)
    lowest = unseen.when(fever == YES).then(some_low).when(before).then(0).otherwise(rest)
    highest = unseen.when(fever != NO).then(some_high).when(before).then(0).otherwise(high)
    graded = signs.select("p", "time", low=lowest.cast(pl.Int8), high=highest.cast(pl.Int8))
    differs = [pl.col(name).ne_missing(pl.col(name).shift()) for name in ("p", "low", "high")]
    return (
        graded.filter(pl.any_horizontal(differs))
        .join(patients.select("p", "patient_id", "last_followup"), on="p", maintain_order="left")
        .with_columns(end=NEXT.fill_null(pl.col("last_followup")))
        .select("patient_id", pl.col("time").alias("start"), "end", "low", "high")
    )


def with_episodes(signs: pl.DataFrame, active: pl.Expr) -> pl.DataFrame:
    """Signs numbered by episode: a new one begins with what is active after 48 h in which nothing was."""
    signs = signs.with_columns(
        active_p=pl.when(active).then(p).forward_fill().shift(),
        active_until=pl.when(active).then("until").forward_fill().shift(),
    )
    paused = t - pl.col("active_until") >= pl.duration(hours=subset.REOPEN_H)
    begins = active & ((pl.col("active_p") == p) & paused).fill_null(False)
    return signs.with_columns(episode=(p.ne_missing(p.shift()) | begins).cum_sum())


if __name__ == "__main__":
    subset.run(grade)
