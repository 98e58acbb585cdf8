"""The vocabulary: signals, units, drugs, patients, time, events, flags and grades.

Imports nothing else of ours and no third party.
"""
