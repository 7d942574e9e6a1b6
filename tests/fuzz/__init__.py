"""Documents that are damaged on purpose, read, and compared with what they print after the damage.

The generator (`tests.generate`) asks whether the reader reads what real pages do; this asks what it makes of pages that
nobody should have made. Like the generator it knows nothing of how the reader works. `python -m tests.fuzz.run --help`
starts it.
"""
