"""Times an import of a web archive against merely iterating its records with the fastest reader on PyPI.

    python -m benchmarks.importing --folder F [--records 200000] [--rounds 3]

The archive is made once and used again: pages of some hundred government portals in UTF-8, GB 18030 and Big5, each
record a gzip member, and among them one report in two hundred. All reports must pass the filter, and all must be in the
archive that `gongkai import` makes of the file, with two workers.
"""
