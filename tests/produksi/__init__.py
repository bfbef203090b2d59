"""A village from nothing: `make produksi`, and once in the tests.

Into an empty folder pasang/pasang.sh puts a release, and its units' own commands are started: two
web processes, the workers, beat; beside them a PostgreSQL and a Redis of our own, and nginx or
Caddy with the files of pasang/. Over HTTPS a letter goes from the resident to the signer, while
others are slow.

    jalan       one run through all of it
    panggung    the processes, as pasang.sh and the unit files have them
    perjalanan  what resident, operator and signer do
    lambat      slow and large bodies, and what others notice of them
    anak        what needs the village's own database
"""
