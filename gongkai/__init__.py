"""The commands, and what runs the rooms together. It may import every room; nothing imports it."""
