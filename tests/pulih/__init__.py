"""The restore drill: `python -m tests.pulih` (`make pulih`).

Residents and clerks work, messages go out, backups are made; then all of it is killed, database and
files are destroyed, and what the backups hold is restored. A journal outside, where each act stands
once it is committed, and the fake provider's own books say what was lost and whether anything
came twice.

    jalan   one run: work, kill, destroy, restore, the account
    tempat  where the database lives and how it comes back: SQLite, pg_dump, pgBackRest
    anak    what needs Django: the work, and what is there after the restore
"""
