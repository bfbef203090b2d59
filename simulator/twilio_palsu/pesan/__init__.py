"""Messages at the fake provider: taken, checked, delivered or not, told about."""
