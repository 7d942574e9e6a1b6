"""Watching the nights: the report of each, its alarms and their delivery, and how things stand."""
