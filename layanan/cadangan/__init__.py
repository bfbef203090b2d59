"""Backup and restore: everything the village cannot make again, for whoever holds the private key.

A backup is a folder: `basis/<time>.age` holds the database and a summary, `basis/<time>.json` the
names of the files that belong to it, `berkas/` one encrypted copy of each stored file, made once.
The server knows only the public key, so a stolen backup, or a stolen server, opens none of them.
"""
