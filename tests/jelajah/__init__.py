"""Odd requests to every address of the site, drawn from a seed.

    test_jelajah   the walk, and what no answer may show
    ganjil         odd values, addresses, headers and bodies

Some hundreds run with the suite, always the same; `make jelajah` sends 10,000, and
UJI_JELAJAH_BIBIT=7 others.
"""
