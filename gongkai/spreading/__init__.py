"""Past one machine: Dask hands work to workers on many, which run the same code as one machine does.

Scans and readings come back as answers, and are filed here as those of local processes are (`remote`). A crawl is
divided by hosts (`dividing`); each part is a folder on storage that all machines see (`parts`), in which a worker
crawls into an archive of its own (`working`, `part`), to be joined to the whole one (`crawling`). `connecting` says to
whom we talk at all: a Dask port runs the code that it is sent.
"""
