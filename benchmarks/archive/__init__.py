"""The archive beside a plain long table (agency, year, figure, value), with 200,000 generated reports of 200 cells.

    python -m benchmarks.archive [--reports 200000] [--rounds 5] [--folder FOLDER]

Both files are filled and asked in one run, turn by turn, with the same pragmas and the same SQLite.

Bytes are those of pages, by dbstat: of ours the value tables, the printed texts, the places, the panel with its indexes
and the definitions of figures; of the plain file its table and its index.
Loading is from Python objects to committed rows, in seconds that pass: of ours the rows of the reports, their figures,
texts, places and lines of the panel; of the plain file its table and its index.
A question takes the median of the processor's time over several rounds, with everything in memory, and both sides must
give the same answer. A plain table coded in integers is for information, and narratives and search are told apart.

Ends with 1 if the plain table is smaller or quicker in any line.
"""
