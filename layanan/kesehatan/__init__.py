"""Whether the product itself is well: its files, and later its processes."""
