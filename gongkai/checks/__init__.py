"""What `gongkai doctor` looks at: one function a check, each of which says how it is and what to do.

Nothing is written anywhere, and no lock is taken, so that it may be asked at any time, also while a run writes.
"""

from gongkai.checks.finding import Finding, Patient
from gongkai.checks.round import examine

__all__ = ["Finding", "Patient", "examine"]
