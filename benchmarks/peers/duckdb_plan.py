"""DuckDB, changes first: of each signal only changes and expiries are kept; all later windows are over these few."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from benchmarks.peers import subset

NO, UNKNOWN, YES = 0, 1, 2
FINE, POOR = 0, 2  # of pressure and saturation; between them UNKNOWN
NOTHING, LAPSED, ROOM_AIR, LOW, HIGH, LOW_OR_HIGH, POSITIVE = range(7)  # what is charted of a device
UNCHARTED = {
    "fever": UNKNOWN,
    "pressure": UNKNOWN,
    "saturation": UNKNOWN,
    "device": NOTHING,
    "bolus": NO,
} | dict.fromkeys(subset.VASOPRESSORS, NO)
HOUR = subset.HOUR * 1_000_000  # times are microseconds
VALID = f"t + {subset.VALID_H * HOUR}"


def grade(folder: Path, output: Path) -> None:
    """Grade a folder."""
    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'UTC'")
        for statement in statements(folder):
            database.execute(statement)
        database.execute(f"COPY ({TIMELINE}) TO '{output}' (FORMAT parquet)")


def statements(folder: Path) -> Iterator[str]:
    """The steps, each a table."""
    yield f"""
        CREATE TEMP TABLE patients AS
        SELECT row_number() OVER (ORDER BY patient_id)::INTEGER AS p, patient_id, epoch_us(infusion_time) AS infused,
            epoch_us(last_followup) AS followed
        FROM '{folder / "patients.parquet"}'"""
    signals = ", ".join(f"'{name}'" for name in subset.SIGNALS)
    yield f"""
        CREATE TEMP TABLE charted AS
        SELECT p, epoch_us(time) AS t, signal, value, value_text AS word, epoch_us("end") AS until, infused
        FROM '{folder / "events.parquet"}' JOIN patients USING (patient_id)
        WHERE signal IN ({signals})"""
    tracks = [_fever(), *_measured(), _device(), _bolus(), *map(_infusion, subset.VASOPRESSORS)]
    treating = ", ".join(f"'{name}'" for name in subset.TREATING)
    tracks.append(f"SELECT p, t, t AS dose FROM charted WHERE signal IN ({treating})")
    tracks.append("SELECT p, infused AS t FROM patients")
    yield f"CREATE TEMP TABLE changes AS {' UNION ALL BY NAME '.join(f'({track})' for track in tracks)}"
    yield STATES
    yield SIGNS
    yield EPISODES


def _track(name: str, rows: str, ends: str, expiries: Sequence[tuple[str, str, str]]) -> str:
    """Rows whose `state` is not what the row before ends in, and expiries that come before the next row.

    `ends` is the state just before the next row; an expiry is its condition, its time, and the state from then on.
    """
    expired = "".join(
        f" UNION ALL SELECT p, {time}, {state} FROM known WHERE {when} AND {time} < next"
        for when, time, state in expiries
    )
    return f"""
        WITH known AS (
            SELECT *, coalesce(lead(t) OVER (PARTITION BY p ORDER BY t), {2**62}) AS next FROM ({rows})
        ), compared AS (
            SELECT p, t, state, lag({ends}) OVER (PARTITION BY p ORDER BY t) AS before FROM known
        )
        SELECT p, t, state::TINYINT AS "{name}"
        FROM (SELECT p, t, state FROM compared WHERE before IS DISTINCT FROM state{expired})"""


def _fever() -> str:
    """Yes for 24 h after a reading of 38.0 or more, else no while the newest is valid."""
    rows = f"""
        SELECT p, t, hot, CASE WHEN t < hot THEN {YES} ELSE {NO} END AS state
        FROM (
            SELECT p, t, max(t + {subset.FEVER_H * HOUR}) FILTER (value >= {subset.FEVER_CEL})
                OVER (PARTITION BY p ORDER BY t ROWS UNBOUNDED PRECEDING) AS hot
            FROM charted WHERE signal = '{subset.TEMPERATURE}' AND t >= infused
        )"""
    is_yes = f"state = {YES}"
    ends = f"CASE WHEN {is_yes} AND next <= hot THEN {YES} WHEN next <= {VALID} THEN {NO} ELSE {UNKNOWN} END"
    over = (is_yes, "hot", f"CASE WHEN hot < {VALID} THEN {NO} ELSE {UNKNOWN} END")
    return _track("fever", rows, ends, [over, (f"(state = {NO} OR {VALID} > hot)", VALID, str(UNKNOWN))])


def _measured() -> Iterator[str]:
    """Fine or poor while valid."""
    for name, signal, limit in (
        ("pressure", subset.SYSTOLIC, subset.SYSTOLIC_MMHG), ("saturation", subset.SPO2, subset.SPO2_PERCENT),
    ):  # fmt: skip
        state = f"CASE WHEN value < {limit} THEN {POOR} ELSE {FINE} END AS state"
        rows = f"SELECT p, t, {state} FROM charted WHERE signal = '{signal}'"
        ends = f"CASE WHEN next <= {VALID} THEN state ELSE {UNKNOWN} END"
        yield _track(name, rows, ends, [("true", VALID, str(UNKNOWN))])


def _device() -> str:
    """What is charted of the device: its classes while valid; then, unless it was none, unknown for 48 h."""
    classes = " ".join(
        f"WHEN '{word}' THEN {HIGH if rank == 2 else POSITIVE}" for word, rank in subset.CLASS_OF.items()
    )
    rows = f"""
        SELECT p, t, CASE word WHEN '{subset.ROOM_AIR}' THEN {ROOM_AIR} {classes} WHEN '{subset.CANNULA}' THEN
            CASE WHEN flow IS NULL THEN {LOW_OR_HIGH} WHEN flow <= {subset.LOW_FLOW_L_MIN} THEN {LOW} ELSE {HIGH} END
            END AS state
        FROM (SELECT p, t, word FROM charted WHERE signal = '{subset.DEVICE}') AS devices
        LEFT JOIN (SELECT p, t, value AS flow FROM charted WHERE signal = '{subset.FLOW}') AS flows USING (p, t)"""
    lapsed, worn = f"t + {(subset.VALID_H + subset.LAPSED_H) * HOUR}", f"state <> {ROOM_AIR}"
    ends = f"""CASE WHEN next <= {VALID} THEN state WHEN {worn} AND next <= {lapsed} THEN {LAPSED} ELSE {NOTHING} END"""
    expired = ("true", VALID, f"CASE WHEN {worn} THEN {LAPSED} ELSE {NOTHING} END")
    return _track("device", rows, ends, [expired, (worn, lapsed, str(NOTHING))])


def _bolus() -> str:
    """Yes for 6 h."""
    over = f"t + {subset.BOLUS_H * HOUR}"
    rows = f"SELECT p, t, {YES} AS state FROM charted WHERE signal = '{subset.BOLUS}'"
    return _track("bolus", rows, f"CASE WHEN next <= {over} THEN {YES} ELSE {NO} END", [("true", over, str(NO))])


def _infusion(drug: str) -> str:
    """Whether a drug runs, by its newest row."""
    state = f"CASE WHEN value = 0 THEN {NO} ELSE {YES} END AS state"
    rows = f"SELECT p, t, until, {state} FROM charted WHERE signal = '{drug}'"
    runs, open_ended = f"state = {YES}", f"state = {YES} AND until IS NULL"
    unknown, over = (f"t + {hours * HOUR}" for hours in (subset.INFUSION_H, subset.INFUSION_UNKNOWN_H))
    ends = f"""
        CASE WHEN {runs} AND next <= coalesce(until, {unknown}) THEN {YES}
        WHEN {open_ended} AND next <= {over} THEN {UNKNOWN} ELSE {NO} END"""
    expiries = [(f"{runs} AND until IS NOT NULL", "until", NO), (open_ended, unknown, UNKNOWN), (open_ended, over, NO)]
    return _track(drug, rows, ends, [(when, time, str(then)) for when, time, then in expiries])


_CHANGED = ", ".join(f'max("{name}") AS "{name}"' for name in UNCHARTED)
_FILLED = ", ".join(
    f'coalesce(last_value("{name}" IGNORE NULLS) OVER patient, {state}) AS "{name}"'
    for name, state in UNCHARTED.items()
)

# All states from each moment on at which one changes, and until when.
STATES = f"""
    CREATE TEMP TABLE states AS
    WITH moments AS (
        SELECT p, t, max(dose) AS dose, {_CHANGED}
        FROM changes GROUP BY p, t
    ), filled AS (
        SELECT p, t, lead(t) OVER patient AS next, max(dose) OVER patient AS dose, {_FILLED}
        FROM moments WINDOW patient AS (PARTITION BY p ORDER BY t ROWS UNBOUNDED PRECEDING)
    )
    SELECT filled.*, least(coalesce(next, followed), followed) AS until
    FROM filled JOIN patients USING (p) WHERE t >= infused AND t < followed"""

_RUNNING = " + ".join(f'("{drug}" = {YES})::INTEGER' for drug in subset.VASOPRESSORS)
_PERHAPS = " + ".join(f'("{drug}" <> {NO})::INTEGER' for drug in subset.VASOPRESSORS)


def _oxygen(end: int) -> str:
    """The lowest (0) or the highest (1) class of support."""
    ends = {LOW: (1, 1), HIGH: (2, 2), LOW_OR_HIGH: subset.CANNULA_CLASSES, POSITIVE: (3, 3), LAPSED: subset.ANY_CLASS}
    worn = " ".join(f"WHEN device = {state} THEN {classes[end]}" for state, classes in ends.items())
    return f"""
        CASE {worn} WHEN saturation = {POOR} THEN {subset.POOR_CLASSES[end]}
        WHEN saturation = {FINE} OR device = {ROOM_AIR} THEN 0 ELSE {subset.ANY_CLASS[end]} END"""


# Fever, the lowest and the highest grade of the signs, and whether any of it is there or may be.
SIGNS = f"""
    CREATE TEMP TABLE signs AS
    WITH oxygen AS (
        SELECT *, {_oxygen(0)} AS least, {_oxygen(1)} AS most, {_RUNNING} AS running, {_PERHAPS} AS perhaps,
            {_RUNNING} > 0 OR bolus = {YES} OR pressure = {POOR} AS certain
        FROM states
    )
    SELECT p, t, until, fever, dose,
        greatest(CASE WHEN certain THEN 2 + running ELSE 0 END, least + (least > 0)::INTEGER) AS low,
        greatest(CASE WHEN certain OR perhaps > 0 OR pressure = {UNKNOWN} THEN 2 + perhaps ELSE 0 END,
            most + (most > 0)::INTEGER) AS high,
        fever <> {NO} OR high > 0 AS active
    FROM oxygen"""

# Signs numbered by episode: a new one begins with what is active after 48 h in which nothing was.
EPISODES = f"""
    CREATE TEMP TABLE episodes AS
    WITH pauses AS (
        SELECT *, active AND t - max(until) FILTER (active) OVER (
            PARTITION BY p ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) >= {subset.REOPEN_H * HOUR} AS begins
        FROM signs
    ), numbered AS (
        SELECT *, count(*) FILTER (begins) OVER (PARTITION BY p ORDER BY t ROWS UNBOUNDED PRECEDING) AS episode
        FROM pauses
    ), onsets AS (
        SELECT p, episode, min(t) AS onset FROM numbered WHERE fever = {YES} GROUP BY p, episode
    )
    SELECT numbered.*, onset, coalesce(dose >= onset - {subset.TREATED_BEFORE_H * HOUR}, false) AS treated
    FROM numbered LEFT JOIN onsets USING (p, episode)"""

# The grade; equal neighbours as one row.
TIMELINE = f"""
    WITH graded AS (
        SELECT p, t, CASE WHEN fever = {UNKNOWN} AND low = 0 THEN NULL WHEN fever = {YES} THEN greatest(1, low)
            WHEN fever = {NO} AND (onset IS NULL OR t < onset) THEN 0 WHEN treated THEN low ELSE 0 END AS low,
            CASE WHEN fever = {UNKNOWN} AND low = 0 THEN NULL WHEN fever <> {NO} THEN greatest(1, high)
            WHEN onset IS NULL OR t < onset THEN 0 ELSE high END AS high
        FROM episodes
    ), compared AS (
        SELECT *, row_number() OVER patient = 1 OR low IS DISTINCT FROM lag(low) OVER patient
            OR high IS DISTINCT FROM lag(high) OVER patient AS differs
        FROM graded WINDOW patient AS (PARTITION BY p ORDER BY t)
    )
    SELECT patient_id, make_timestamptz(t) AS start,
        make_timestamptz(coalesce(lead(t) OVER (PARTITION BY p ORDER BY t), followed)) AS "end",
        low::TINYINT AS low, high::TINYINT AS high
    FROM compared JOIN patients USING (p) WHERE differs ORDER BY p, t"""


if __name__ == "__main__":
    subset.run(grade)
