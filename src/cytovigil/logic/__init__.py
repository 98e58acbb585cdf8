"""The small language of conditions: fields, comparisons, ladders of grades, scales; their meaning and their English."""
