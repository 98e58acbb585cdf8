"""How often something is to be looked at: a published interval, or our own where no source that was read gives one."""

from dataclasses import dataclass

from cytovigil.logic.conditions import Condition
from cytovigil.logic.ladder import STATUSES, Citation


@dataclass(frozen=True, eq=False)
class Interval:
    """At least one of `signals` is charted every `every_h` hours; None: as long as its last value is held to be valid.

    It is asked while `when` holds, or may hold; until the end of day `days` after infusion, or of the day that the
    setting `until` names; without these always. Raises ValueError at import without source, known status or signal.
    """

    id: str
    says: str
    signals: tuple[str, ...]
    every_h: float | None
    source: Citation
    status: str
    when: Condition | None = None
    days: int | None = None
    until: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse an interval that nothing stands behind."""
        if not self.source.text or self.status not in STATUSES or not self.signals:
            raise ValueError(f"interval '{self.id}' has no source, no known status or no signal")
