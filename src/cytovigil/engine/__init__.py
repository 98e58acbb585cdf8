"""Engines that turn events into grades. They receive rules as arguments and know none."""
