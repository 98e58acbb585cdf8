"""The vocabulary: signals, units, drugs, patients, time, events, flags and grades. Imports nothing of ours and no third party."""
