"""The reader: bytes to text, text to document, document to figures. It knows no network and no database."""

from pipelines.extract import extract
from pipelines.model import Capture, Context, Reading

__all__ = ["Capture", "Context", "Reading", "extract"]
