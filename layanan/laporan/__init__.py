"""What the office did in a period: kept while it works, counted and drawn when somebody asks."""
