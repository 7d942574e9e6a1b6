"""What goes wrong: with cells, labels, tables, sections and characters; each deviation says what it makes unknowable."""
