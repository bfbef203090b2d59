"""Generated uploads: photos as phones make them, PDFs as offices and apps make them.

    python -m tests.korpus [--foto 500] [--pdf 200]

cleans them all and measures with a second reader what is left of the ink (docs/keamanan.md).
"""
