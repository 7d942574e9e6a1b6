"""What goes wrong: with cells, labels, tables, sections, characters; every deviation says what nobody can know then."""
