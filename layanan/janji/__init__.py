"""Which moment a resident is promised: working hours, days off, and the clock that counts them."""
