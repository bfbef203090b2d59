"""Hundreds of residents, some clerks and passers-by at once, walking the site's real journeys."""
