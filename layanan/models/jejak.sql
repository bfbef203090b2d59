-- sqlite
DROP TRIGGER IF EXISTS {nama}_ubah

-- sqlite
DROP TRIGGER IF EXISTS {nama}_hapus

-- sqlite
CREATE TRIGGER {nama}_ubah BEFORE UPDATE ON {tabel} BEGIN
    SELECT RAISE(ABORT, 'rows of the trail are only added');
END

-- sqlite
CREATE TRIGGER {nama}_hapus BEFORE DELETE ON {tabel} WHEN {masih} BEGIN
    SELECT RAISE(ABORT, 'rows of the trail are only added');
END

-- postgresql
CREATE OR REPLACE FUNCTION jejak_tetap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'rows of the trail are only added' USING ERRCODE = 'restrict_violation';
END $$

-- postgresql
CREATE OR REPLACE TRIGGER {nama}_ubah BEFORE UPDATE ON {tabel} FOR EACH ROW EXECUTE FUNCTION jejak_tetap()

-- postgresql
CREATE OR REPLACE TRIGGER {nama}_hapus BEFORE DELETE ON {tabel} FOR EACH ROW WHEN ({masih})
    EXECUTE FUNCTION jejak_tetap()

-- postgresql
CREATE OR REPLACE TRIGGER {nama}_kosong BEFORE TRUNCATE ON {tabel} EXECUTE FUNCTION jejak_tetap()
