"""What stands between the product and its broker: a queue of folders, and an ear on Redis."""
