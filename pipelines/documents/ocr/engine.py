"""The recogniser (rapidocr, its models inside the wheel): where lines of text are, and what a picture of one line says.

One engine for each process, on one thread: a page has hundreds of small crops, which a second thread only slows down.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from rapidocr import RapidOCR
from rapidocr.inference_engine.onnxruntime.main import ONNXRuntimeError

Picture = NDArray[np.uint8]
_NARROWEST = 96  # pixels at a height of 48: wide enough for three digits, and a third of the work of the default
_WIDEST = 2000


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a picture of one line says, and how sure the recogniser is of it, from 0 to 1."""

    text: str
    sure: float
    """Of the weakest character."""
    mean: float
    """Of all characters."""


def recognise(lines: Sequence[Picture]) -> list[Spoken]:
    """The text of each picture of one line (height, width, 3 colours)."""
    if not lines:
        return []
    with _faults():
        answer = _engine().recognize_txt(list(lines))
    spoken = []
    for text, word in zip(answer.txts or (), answer.word_results, strict=True):
        sure = getattr(word, "confs", None) or [0.0]
        spoken.append(Spoken(text.strip(), float(min(sure)), float(sum(sure) / len(sure))))
    return spoken


def detect(picture: Picture) -> list[NDArray[np.float32]]:
    """The four corners of every line of text in a picture, clockwise from the top left, in reading order."""
    with _faults():
        found = _engine()(picture, use_det=True, use_cls=False, use_rec=False)
    boxes = getattr(found, "boxes", None)
    return [] if boxes is None else list(boxes)


@contextmanager
def _faults() -> Iterator[None]:
    """What the runtime of the models throws when memory is out becomes a MemoryError."""
    try:
        yield
    except ONNXRuntimeError as fault:
        if "alloc" in str(fault):
            raise MemoryError from fault
        raise


@cache
def _engine() -> RapidOCR:
    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.return_word_box": True,
            "Global.max_side_len": _WIDEST,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.limit_type": "max",
            "Det.limit_side_len": _WIDEST,
            "Rec.rec_img_shape": [3, 48, _NARROWEST],
            "Rec.rec_batch_num": 1,
        }
    )
