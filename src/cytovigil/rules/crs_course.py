"""The course of a CRS episode, shared by all CRS scales: when a fever opens it, what keeps it open, when it ends."""

from cytovigil.logic.conditions import Condition
from cytovigil.logic.scale import EpisodicCourse, Expiry, Move, Outcome
from cytovigil.rules.fields import COUNTED_FEVER, FEVER, MASKED, MAY_BEGIN, SIGN, TREATING

NONE, AFTER_TREATED, OPEN, TREATED = "none", "after_treated", "open", "treated"
RECENT, RECENT_TREATED = "recent", "recent_treated"

_BEGINS = COUNTED_FEVER & MAY_BEGIN

MOVES = (
    Move(NONE, _BEGINS, OPEN, "a counted fever opens the episode"),
    Move(AFTER_TREATED, _BEGINS, OPEN, "a counted fever opens a new episode"),
    Move(OPEN, TREATING, TREATED, "a treating drug, given from treated_before_onset_h before the first fever onwards"),
    Move(RECENT, TREATING, RECENT_TREATED, "a treating drug, given in the episode"),
    Move(RECENT, COUNTED_FEVER, OPEN, "fever again within crs_reopen_h: the same episode"),
    Move(RECENT_TREATED, COUNTED_FEVER | SIGN, TREATED, "a sign again within crs_reopen_h: the same episode"),
    Move(OPEN, ~FEVER & ~SIGN, RECENT, "no fever, no hypotension, no hypoxia"),
    Move(TREATED, ~FEVER & ~SIGN, RECENT_TREATED, "no fever, no hypotension, no hypoxia"),
)
EXPIRIES = (
    Expiry(RECENT, "crs_reopen_h", NONE, "crs_reopen_h without a sign"),
    Expiry(RECENT_TREATED, "crs_reopen_h", AFTER_TREATED, "crs_reopen_h without a sign"),
    Expiry(
        AFTER_TREATED,
        "masked_after_episode_days",
        NONE,
        "masked_after_episode_days since its end",
    ),
)
OUTCOMES = (
    Outcome((NONE, AFTER_TREATED), ~MAY_BEGIN, "null", "CRS can no longer begin", "after_window"),
    Outcome((NONE, AFTER_TREATED, OPEN, TREATED, RECENT, RECENT_TREATED), FEVER, "at_least_one", "fever"),
    Outcome((TREATED,), None, "worst", "treated: fever is no longer required"),
    Outcome((OPEN, RECENT), SIGN, "zero_or_worst", "no fever, and no treatment to explain it", "untreated_no_fever"),
    Outcome((NONE,), MASKED & SIGN, "zero_or_worst", "fever may be hidden", "masked_fever"),
    Outcome((AFTER_TREATED,), SIGN, "zero_or_worst", "soon after a treated episode", "masked_fever"),
    Outcome((NONE, AFTER_TREATED, OPEN, RECENT, RECENT_TREATED), None, "zero", "no sign of CRS"),
)


def crs_course(*signs: Condition) -> EpisodicCourse:
    """The course for a scale whose hypotension and hypoxia are these conditions, each on one field of a domain."""
    return EpisodicCourse(
        states=(NONE, AFTER_TREATED, OPEN, TREATED, RECENT, RECENT_TREATED),
        lasting=(OPEN, TREATED, RECENT, RECENT_TREATED),
        active=(OPEN, TREATED),
        moves=MOVES,
        expiries=EXPIRIES,
        outcomes=OUTCOMES,
        unobserved=((OPEN, RECENT), (TREATED, RECENT_TREATED)),
        fever=FEVER,
        signs=signs,
        recorded="recorded_crs_grade",
        says="fever is required to open an episode, and afterwards until a treating drug was given",
    )
