"""The site over real HTTP, and in a real browser."""
