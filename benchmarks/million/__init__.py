"""An archive of a million reports beside one of 100,000: bytes, loading, questions, and a night's changes.

    python -m benchmarks.million [--reports 1000000] [--beside 100000] [--folder FOLDER] [--keep]

Each report has 200 cells and 2,000 characters of sections. Both archives are filled by the archive's own functions in
transactions of some thousands. With `--keep` they stay in the folder, and what was filled is taken up again, whole or
not. Size and loading are by report, and may grow by a quarter; questions to one key, a search and a change in the night
may take half as long again in the archive of ten times the size. Time is the processor's, but for what is read from or
written to the disk; both archives are asked by turns and then loaded with more by turns, and medians count of what is
asked. What is for information has no limit.

Ends with 1 if anything grows more than that. A million reports take 24 GB and an hour and a half.
"""
