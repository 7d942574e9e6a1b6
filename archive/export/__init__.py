"""Views and tables on their way out: to CSV, JSON lines, Parquet, Stata, and a data package that explains itself.

Rows are walked through in one read transaction, so that several tables fit together while a crawl writes, and files
take their place when they are whole. Types and labels come from the codebook.
"""

from archive.export.choosing import Choice, ExportError
from archive.export.stata import Language
from archive.export.writing import FORMATS, SUFFIXES, Format, export

__all__ = ["FORMATS", "SUFFIXES", "Choice", "ExportError", "Format", "Language", "export"]
