"""Reading pictures of pages: straightened, ruled tables found as lines, their cells and the prose around them
recognised.

Everything in here needs the extra `[ocr]`; whoever imports it does so only when a picture is met.
"""

import rapidocr as rapidocr  # first, so that a missing extra is named by the package that brings all the others

import cv2  # isort: skip

cv2.setNumThreads(1)  # a second thread gains nothing on one page, and reserves address space
