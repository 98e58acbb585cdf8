"""Synthetic patients: made up, for tests, demonstrations and measurements. No real person is in them."""
