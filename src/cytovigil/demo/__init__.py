"""Synthetic courses, written by hand in the input form: `data/patients.csv` and `events.csv`; `courses.csv` says why."""
