"""Synthetic courses, written by hand in the input form; `data/courses.csv` says what each shows."""
