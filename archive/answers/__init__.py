"""Answers to questions about one report: where a figure comes from, what changed, the archived bytes."""
