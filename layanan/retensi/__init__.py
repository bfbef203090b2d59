"""How long personal data is kept: one table of rules, what carries it out, and who hears of it
beforehand (UU 27/2022, arts 40-45)."""
