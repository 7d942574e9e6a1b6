"""What one night leaves for the next: the links of each portal, and how each portal fared."""
