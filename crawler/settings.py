"""Scrapy settings: polite, bounded, and without doors that nobody asked for.

What a user has opinions on comes from `gongkai.toml` (crawler/options.py); any Scrapy setting can be overridden with
`-s NAME=VALUE`.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from crawler.options import load_options

_OPTIONS = load_options()
try:
    _VERSION = version("gongkai")
except PackageNotFoundError:  # a checkout on the path, not installed
    _VERSION = "0"

BOT_NAME = "gongkai"
SPIDER_MODULES = ["crawler.spiders"]

# Who we are, and how fast we go.
USER_AGENT = f"gongkai/{_VERSION} (archive of government disclosure reports; {_OPTIONS.contact or 'no contact set'})"
ROBOTSTXT_USER_AGENT = "gongkai"
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS = 32
CONCURRENT_REQUESTS_PER_DOMAIN = 1
CONCURRENT_ITEMS = 2  # of one page: Scrapy makes so many tasks for each, and a page is one item and its next requests
DOWNLOAD_DELAY = _OPTIONS.delay
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = _OPTIONS.delay
AUTOTHROTTLE_MAX_DELAY = 60.0

# Our own settings, for `scrapy crawl reports -s GONGKAI_…`.
GONGKAI_CONTACT = _OPTIONS.contact
GONGKAI_PORTALS = _OPTIONS.portals
GONGKAI_PORTAL = ""  # comma-separated portal ids; empty: all
GONGKAI_ARCHIVE = _OPTIONS.archive
GONGKAI_WORKERS = _OPTIONS.workers
GONGKAI_REQUEST_BUDGET = _OPTIONS.request_budget
GONGKAI_RECHECK_DAYS = _OPTIONS.recheck_days
GONGKAI_DISK_FLOOR_MB = _OPTIONS.disk_floor_mb
GONGKAI_PORTALS_AT_ONCE = 32
GONGKAI_BACKOFF = 2.5  # the first wait of a host after a fault, in delays; twice as long after each further one
GONGKAI_BACKOFF_MAX = 300.0  # the longest such wait, in seconds
GONGKAI_FAULTS_IN_A_ROW = 5  # after which a host is left alone for the night
GONGKAI_LIMIT = 0  # candidate pages per portal; 0: all
GONGKAI_SINCE = 0  # earliest report year; 0: all
GONGKAI_DRY_RUN = False
GONGKAI_TURNS = ""  # a folder in which crawls that share hosts take turns: crawler/turns.py; empty: alone
GONGKAI_BODIES_MAXSIZE = 128 * 1024 * 1024  # bytes that the bodies under way may hold together: crawler/bodies.py

# Only http(s) at all. Bodies, time and redirects have limits; state is in SQLite, never in a JOBDIR.
DOWNLOAD_HANDLERS = {
    "http": "crawler.downloading.BoundedHandler",
    "https": "crawler.tls.SecureHandler",
    **dict.fromkeys(("file", "data", "ftp", "s3")),
}
DOWNLOAD_MAXSIZE = 32 * 1024 * 1024  # as sent and unpacked; the reader refuses more (pipelines.extract.LARGEST)
DOWNLOAD_WARNSIZE = 0  # what is too large is named where it is lost
DOWNLOAD_TIMEOUT = 60  # for a whole answer, from the connection to its last byte
DOWNLOAD_FAIL_ON_DATALOSS = False  # cut bodies are evidence too: crawler/evidence.py keeps and retries them
DOWNLOADER = "crawler.patience.PatientDownloader"
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # every page that is lost is named in the end lines and in the table pages
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False  # a stub with a refresh is a finding (deleted document), not a redirect
HTTPERROR_ALLOW_ALL = True
COOKIES_ENABLED = False  # nothing is remembered of us from host to host, or from night to night
MEMUSAGE_LIMIT_MB = 2048
STATS_CLASS = "scrapy.statscollectors.DummyStatsCollector"  # we count for ourselves: crawler/verdict.py
DOWNLOADER_STATS = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
TWISTED_DNS_RESOLVER = "crawler.guard.GuardedResolver"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
    # No brotli: warcio 1.8 cannot undo what current brotli packages decode, and evidence must be readable by others.
    "Accept-Encoding": "gzip, deflate",
}

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.guard.UrlGuard": 50,
    "crawler.robots.Robots": 100,
    "crawler.patience.Retry": 550,
    "crawler.redirects.Redirects": 600,
    "crawler.bodies.Bodies": 940,
    "crawler.evidence.Evidence": 950,
    "crawler.patience.Patience": 960,
}
SPIDER_MIDDLEWARES = {
    # All answers are let in, nothing goes by depth, and meta is never copied; each would be gone through for each page.
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}
ITEM_PIPELINES = {"crawler.pipelines.StoreReport": 100}
EXTENSIONS = {
    # Off by the settings above; None, so that what they need is not even loaded: half a second of every start.
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
    "scrapy.extensions.corestats.CoreStats": None,
    "scrapy.extensions.logcount.LogCount": None,
    "scrapy.extensions.logstats.LogStats": None,
    "crawler.logs.PlainLogs": 0,
    "crawler.recorder.Recorder": 0,
    "crawler.progress.Progress": 500,
}

LOG_LEVEL = "WARNING"
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
