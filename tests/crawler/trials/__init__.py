"""Trials of the crawler: whole portals on loopback hosts, crawled by the public command, judged by archive and log."""
