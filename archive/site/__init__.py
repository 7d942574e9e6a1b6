"""The site: an archive in Datasette, read-only, with pages of our own for reports, agencies and search.

Datasette gives tables, facets, questions in SQL, JSON and CSV; `plugin` adds our pages to it, `describing` what it says
of tables and columns, `questions` what a researcher would ask first. Nothing is loaded from elsewhere, no archived HTML
is served, and whatever came from the web is text. Needs the extra `site`.
"""

from archive.site.serving import RunningSite, build_site

__all__ = ["RunningSite", "build_site"]
