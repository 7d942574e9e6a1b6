"""What people decide about figures: it stands beside what was read, and lasts as long as the source."""
