"""Readers: one module a duty. Files of a hospital come in; courses of one patient at a time, and problems, go out."""
