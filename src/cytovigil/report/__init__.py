"""The report: pictures and pages made from graded patients, self-contained, the same bytes for the same input."""
