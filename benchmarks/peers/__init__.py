"""The same CRS timeline by other means: see subset.md. Programs: `python -m benchmarks.peers.NAME INPUT OUTPUT`."""
