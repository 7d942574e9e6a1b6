"""What is true: forms with their labels and sums, invented agencies, random reports, titles and prose."""
