"""What cannot be a report, told from its bytes: an import drops it before anything is decoded or parsed.

A report shows statutory tables, whose words stand in no menu, or a title of its own over sections, a list of statistics
or a file. Government pages name the reports in menus and footers: words alone prove nothing, and a title that is a link
is another page's. All words are looked for in what is left of a page without ASCII, where neither tags nor blanks part
them. What the reader puts right (garbled, escaped, stand-in characters) is looked for as it arrives, and let through.
"""

from pipelines.sieve.judging import may_be_report

__all__ = ["may_be_report"]
