"""The published file, and the codebook by which it explains itself."""
