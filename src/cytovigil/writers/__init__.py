"""Writers: one module a form. Graded patients go out as tables, a problem list and a manifest."""
