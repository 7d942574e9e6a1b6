"""What `archive.store.Archive` can do, a subject a file: evidence, facts, and the memory of the nights."""
