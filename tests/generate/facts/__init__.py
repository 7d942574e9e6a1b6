"""What is true: the forms with their labels and sums, invented agencies, random reports, their titles and their prose."""
