DROP TRIGGER IF EXISTS {cari}_tambah

DROP TRIGGER IF EXISTS {cari}_hapus

DROP TRIGGER IF EXISTS {cari}_ubah

DROP TABLE IF EXISTS {cari}

CREATE VIRTUAL TABLE {cari} USING fts5({kolom}, content='', tokenize='trigram')

CREATE TRIGGER {cari}_tambah AFTER INSERT ON {tabel} BEGIN
    INSERT INTO {cari}(rowid, {kolom}) VALUES(new.id, {new});
END

CREATE TRIGGER {cari}_hapus AFTER DELETE ON {tabel} BEGIN
    INSERT INTO {cari}({cari}, rowid, {kolom}) VALUES('delete', old.id, {old});
END

CREATE TRIGGER {cari}_ubah AFTER UPDATE OF {kolom} ON {tabel} BEGIN
    INSERT INTO {cari}({cari}, rowid, {kolom}) VALUES('delete', old.id, {old});
    INSERT INTO {cari}(rowid, {kolom}) VALUES(new.id, {new});
END

INSERT INTO {cari}(rowid, {kolom}) SELECT new.id, {new} FROM {tabel} new

INSERT INTO {cari}({cari}) VALUES('optimize')
