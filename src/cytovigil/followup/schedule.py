"""All items of follow-up, by group."""

from cytovigil.followup import antibodies, blood, late, prophylaxis, vaccination
from cytovigil.followup.items import GROUPS, Item
from cytovigil.logic.driving import SIGNALS as DRIVING
from cytovigil.model.vocabulary import drugs_of

ITEMS: tuple[Item, ...] = tuple(
    sorted(
        (*blood.ITEMS, *antibodies.ITEMS, *prophylaxis.ITEMS, *vaccination.ITEMS, *late.ITEMS),
        key=lambda one: tuple(GROUPS).index(one.group),
    )
)
# Signals that an item, or what it depends on, looks at: the rest of a chart need not be read.
SIGNALS = frozenset(
    drugs_of(
        "antiviral", "antibacterial", "antifungal", "pneumocystis", "corticosteroid", "immunoglobulin", "vaccine",
        "cytotoxic",
    )
) | {
    "neutrophils", "platelets", "hemoglobin", "igg", "iga", "igm", "b_cells", "b_cells_percent", "cd4", "marrow_blasts",
    "haemophagocytosis", "infection", "immunosuppression", "second_malignancy", "death", *DRIVING,
}  # fmt: skip
