"""How fast it is: `python -m tests.bench` (`make bench`).

Figures of a machine mean little by themselves, so nearly every one is measured beside a floor, in
turns and within the same run: pages beside a bare Django view on the same server command, logins
beside the bare hash, letters beside plain WeasyPrint. Nothing here asserts a time; a wrong answer
(not 200, a missing letter) ends the run with exit code 1.

    panggung  the stage: environment, database, servers; all of its own, all removed afterwards
    beban     load: wrk when it is installed, else sockets driven from here
    telanjang the bare Django view
    halaman, masuk, cetak, antrean, impor, cari, pesan   what is measured
    anak      the same in processes that have Django loaded
    laporan   the table
"""
