"""What the comparison programs share: the numbers of subset.md, the form of their output, and their command line."""

import argparse
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

HOUR = 3_600
FEVER_CEL, SYSTOLIC_MMHG, SPO2_PERCENT, LOW_FLOW_L_MIN = 38.0, 90.0, 90.0, 6.0
FEVER_H, VALID_H, BOLUS_H, LAPSED_H = 24, 16, 6, 48  # LAPSED: after the validity of a device is over
INFUSION_H, INFUSION_UNKNOWN_H = 12, 48
REOPEN_H, TREATED_BEFORE_H = 48, 1

TEMPERATURE, SYSTOLIC, SPO2 = "temperature", "systolic_bp", "spo2"
DEVICE, FLOW, BOLUS = "oxygen_device", "oxygen_flow", "fluid_bolus"
VASOPRESSORS = ("norepinephrine", "phenylephrine")
TREATING = ("paracetamol", "tocilizumab", "dexamethasone")
SIGNALS = (TEMPERATURE, SYSTOLIC, SPO2, DEVICE, FLOW, BOLUS, *VASOPRESSORS, *TREATING)

# A set of oxygen classes is its lowest and its highest: 0 none, 1 low, 2 high, 3 positive pressure.
ROOM_AIR, CANNULA, CANNULA_CLASSES = "none", "nasal_cannula", (1, 2)
CLASS_OF = {"high_flow_nasal_cannula": 2, "bipap": 3, "invasive_ventilation": 3}
POOR_CLASSES, ANY_CLASS = (1, 3), (0, 3)

_TIME = pa.timestamp("us", tz="UTC")
TIMELINE = pa.schema(
    [("patient_id", pa.string()), ("start", _TIME), ("end", _TIME), ("low", pa.int8()), ("high", pa.int8())]
)


def run(grade: Callable[[Path, Path], None]) -> None:
    """The command line of a program that grades the folder `input` into the Parquet file `output`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("input", type=Path, help="folder with patients.parquet and events.parquet")
    parser.add_argument("output", type=Path, help="Parquet file of the timeline")
    chosen = parser.parse_args()
    grade(chosen.input, chosen.output)
