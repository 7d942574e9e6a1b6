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
GONGKAI_PORTALS_AT_ONCE = 32
GONGKAI_LIMIT = 0  # candidate pages per portal; 0: all
GONGKAI_SINCE = 0  # earliest report year; 0: all
GONGKAI_DRY_RUN = False

# Only http(s) at all. Bodies, time and redirects have limits; state is in SQLite, never in a JOBDIR.
DOWNLOAD_HANDLERS = {"file": None, "data": None, "ftp": None, "s3": None}
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024
DOWNLOAD_WARNSIZE = 16 * 1024 * 1024
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_FAIL_ON_DATALOSS = False  # cut bodies are evidence too: crawler/evidence.py keeps and retries them
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # every page that is lost is named in the end lines and in the table pages
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False  # a stub with a refresh is a finding (deleted document), not a redirect
HTTPERROR_ALLOW_ALL = True
COOKIES_ENABLED = False
MEMUSAGE_LIMIT_MB = 2048
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
    "crawler.guard.UrlGuard": 50,
    "crawler.robots.Robots": 100,
    "crawler.evidence.Evidence": 950,
}
ITEM_PIPELINES = {"crawler.pipelines.StoreReport": 100}
EXTENSIONS = {
    "crawler.recorder.Recorder": 0,
    "crawler.progress.Progress": 500,
}

LOG_LEVEL = "WARNING"
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
