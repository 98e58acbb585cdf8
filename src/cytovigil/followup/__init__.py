"""What long-term follow-up asks when, as rules over time since infusion, results, and what has been done."""
