"""How fast a crawl is with everything on, beside a bare Scrapy spider that only downloads the same pages.

    python -m benchmarks.crawling [--reports 2000] [--rounds 3] [--concurrency 8]

One portal on one host of this machine, no politeness. Both sides ask for the same pages, lists and reports; ours finds
them, keeps each as evidence, reads it and files its figures, with fsync and all. They run alternately, and the medians
count. A rate is pages for a second from the first request to the end of the process, so that starting up (which a night
does once) is left out on both sides, while closing, with the last pages on their way to the disk, is not.
"""
