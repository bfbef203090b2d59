"""Import and export of the register in OpenSID's Excel format.

    sel       one cell of a file → a value of ours, or a remark
    kolom     the 43 columns, and one row of them
    xlsx      reading .xlsx row by row, without trusting it
    berkas    any accepted file → rows in our order of columns
    banding   rows beside the register → what would change
    periksa   the dry run: file → BarisImpor
    terapkan  BarisImpor → register, all or nothing
    urungkan  and back again
    keluar    .xlsx written row by row: export and result of the dry run
    antrean   the worker's side: claims, leases, cleaning

Everything that can be known before is worked out in the dry run; applying only repeats what the
rows of the dry run say, and refuses when the register has moved on meanwhile.
"""
