"""Answers about short texts that come again and again, page after page: worked out once, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

Answer = TypeVar("Answer")


def remembered(most: int, longest: int = 200) -> Callable[[Callable[[str], Answer]], Callable[[str], Answer]]:
    """Remember the last `most` answers of a function of one text; texts of more than `longest` characters are asked
    each time, so that no page can fill the memory of a reader that goes on for nights."""

    def remember(function: Callable[[str], Answer]) -> Callable[[str], Answer]:
        known = lru_cache(maxsize=most)(function)

        @wraps(function)
        def ask(text: str) -> Answer:
            return known(text) if len(text) <= longest else function(text)

        return ask

    return remember
