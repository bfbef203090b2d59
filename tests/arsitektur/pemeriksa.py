"""The checkers: each reads the syntax tree of one source and yields (line, what is wrong).

None of them knows this project's files; what is a secret word, a model or its door comes in from
the tests, which also show each one a source that it has to refuse.
"""

import ast
import re
from collections.abc import Collection, Iterator

Temuan = Iterator[tuple[int, str]]

BARIS_MAKS, FUNGSI_MAKS, FOLDER_MAKS, TEMPLAT_MAKS = 400, 50, 12, 120


def nama_impor(pohon: ast.AST) -> dict[str, str]:
    """Names that a module's imports bind, with the full name of what each stands for."""
    nama = {}
    for simpul in ast.walk(pohon):
        if isinstance(simpul, ast.Import):
            for satu in simpul.names:
                akar = satu.name.partition(".")[0]
                nama[satu.asname or akar] = satu.name if satu.asname else akar
        elif isinstance(simpul, ast.ImportFrom) and simpul.module:
            for satu in simpul.names:
                nama[satu.asname or satu.name] = f"{simpul.module}.{satu.name}"
    return nama


def _penuh(simpul: ast.expr, nama: dict[str, str]) -> str:
    """`tz.now` after `from django.utils import timezone as tz`: django.utils.timezone.now."""
    kepala, titik, ekor = ast.unparse(simpul).partition(".")
    return nama[kepala] + titik + ekor if kepala in nama else ""


def _panggilan(pohon: ast.AST) -> Iterator[ast.Call]:
    return (s for s in ast.walk(pohon) if isinstance(s, ast.Call))


def _metode(simpul: ast.Call) -> str:
    return simpul.func.attr if isinstance(simpul.func, ast.Attribute) else ""


# --- Size --------------------------------------------------------------------------------------


def kebesaran(pohon: ast.Module) -> Temuan:
    """Functions and files that nobody can keep in mind."""
    terakhir = max((getattr(s, "end_lineno", 0) for s in pohon.body), default=0)
    if terakhir > BARIS_MAKS:
        yield terakhir, f"{terakhir} lines in one file"
    for simpul in ast.walk(pohon):
        if isinstance(simpul, ast.FunctionDef | ast.AsyncFunctionDef):
            panjang = (simpul.end_lineno or 0) - simpul.lineno + 1
            if panjang > FUNGSI_MAKS:
                yield simpul.lineno, f"{simpul.name}: {panjang} lines"


# --- The clock ---------------------------------------------------------------------------------

_JAM = {
    "django.utils.timezone.now",
    "django.db.models.functions.Now",
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "time.time",
    "time.time_ns",
}
# With an argument they only turn a given moment into local time.
_JAM_BILA_KOSONG = {
    "django.utils.timezone.localdate",
    "django.utils.timezone.localtime",
    "time.localtime",
    "time.gmtime",
}


def pembaca_jam(pohon: ast.Module) -> Temuan:
    """Every place that reads the clock, or hands a function that does to somebody else."""
    nama = nama_impor(pohon)
    berisi = {id(s.func) for s in _panggilan(pohon) if s.args or s.keywords}
    for simpul in ast.walk(pohon):
        if isinstance(simpul, ast.Name | ast.Attribute):
            penuh = _penuh(simpul, nama)
            if penuh in _JAM or (penuh in _JAM_BILA_KOSONG and id(simpul) not in berisi):
                yield simpul.lineno, penuh


# --- Who writes a column -----------------------------------------------------------------------

_MENULIS = {"update", "create", "get_or_create", "update_or_create"}
_MENULIS |= {f"a{satu}" for satu in _MENULIS}
_MENULIS |= {"dict", "partial"}
_MENYEBUT = {"bulk_update", "abulk_update", "bulk_create", "abulk_create", "save", "asave"}
_MENYEBUT |= {"dict", "fromkeys", "setdefault"}


def penulis_kolom(pohon: ast.Module, kolom: str, *, model: str) -> Temuan:
    """Every way in which a column of `model` could be written: by attribute, by keyword, by name
    in a string, and by a dict, which can reach any update() through `**`."""
    for simpul in ast.walk(pohon):
        match simpul:
            case ast.Attribute(attr=nama, ctx=ast.Store()) if nama == kolom:
                yield simpul.lineno, f".{kolom} ="
            case ast.Subscript(slice=ast.Constant(value=nama), ctx=ast.Store()) if nama == kolom:
                yield simpul.lineno, f'["{kolom}"] ='
            case ast.Dict(keys=kunci) if any(_teks(k, kolom) for k in kunci if k):
                yield simpul.lineno, f'{{"{kolom}": …}}'
            case ast.Call():
                yield from _panggilan_menulis(simpul, kolom, model)


def _teks(simpul: ast.AST, teks: str) -> bool:
    return isinstance(simpul, ast.Constant) and simpul.value == teks


def _sendiri(simpul: ast.AST) -> Iterator[ast.AST]:
    """An argument and its parts, without those of calls in it: what they return is not known."""
    yield simpul
    if not isinstance(simpul, ast.Call):
        for anak in ast.iter_child_nodes(simpul):
            yield from _sendiri(anak)


def _panggilan_menulis(simpul: ast.Call, kolom: str, model: str) -> Temuan:
    nama = _rantai(simpul.func)[-1]
    if nama in _MENULIS | {model} and any(k.arg == kolom for k in simpul.keywords):
        yield simpul.lineno, f"{nama}({kolom}=…)"
    isi = [*simpul.args, *(k.value for k in simpul.keywords)]
    if nama in _MENYEBUT and any(_teks(x, kolom) for satu in isi for x in _sendiri(satu)):
        yield simpul.lineno, f'{nama}("{kolom}")'
    if nama in {"setattr", "__setattr__"} and len(simpul.args) > 1:
        siapa, apa = ast.unparse(simpul.args[-3]) if len(simpul.args) > 2 else "", simpul.args[-2]
        bebas = not isinstance(apa, ast.Constant) and model.lower() in siapa.lower()
        if bebas or _teks(apa, kolom):
            yield simpul.lineno, f"setattr(…, {ast.unparse(apa)}, …)"


# --- One door for each kind of row -------------------------------------------------------------

_MEMBUAT = {"create", "bulk_create", "get_or_create", "update_or_create"}
_MEMBUAT |= {f"a{satu}" for satu in _MEMBUAT}


def pembuat_baris(pohon: ast.Module, model: str, *, lewat: Collection[str] = ()) -> Temuan:
    """Every place that makes a row of `model`: by its manager, by calling the class, or by a
    related manager (`lewat`: the names by which other models reach it)."""
    nama = nama_impor(pohon)
    sebutan = {n for n, penuh in nama.items() if penuh.rpartition(".")[2] == model} | {model}
    for simpul in _panggilan(pohon):
        rantai = _rantai(simpul.func)
        if rantai[-1] in sebutan:
            yield simpul.lineno, f"{ast.unparse(simpul.func)}(…)"
        elif rantai[-1] in _MEMBUAT:
            pemilik = set(rantai[:-1])
            if pemilik & sebutan or (pemilik & set(lewat) and "objects" not in pemilik):
                yield simpul.lineno, ast.unparse(simpul.func)


def _rantai(simpul: ast.expr) -> list[str]:
    """`Surat.objects.using("x").create`: Surat, objects, using, create."""
    match simpul:
        case ast.Attribute(value=pemilik, attr=nama):
            return [*_rantai(pemilik), nama]
        case ast.Call(func=fungsi):
            return _rantai(fungsi)
        case ast.Name(id=nama):
            return [nama]
    return [""]


# --- What goes into a log ----------------------------------------------------------------------

_TINGKAT = {"debug", "info", "warning", "warn", "error", "critical", "fatal", "log", "exception"}
_PENCATAT = re.compile(r"(?i)(^|\.)_?log(ger|ging)?$|get_?(task_?)?logger\(")
# Parts of a longer name that make it one: nik_lama, hp_baru, pin_awal.
_BAGIAN = {"nik", "kk", "hp", "nama", "pin", "password", "sandi", "teks", "alamat"}
_GALAT = {"galat", "exc", "ex", "err", "e"}


def catatan_bocor(pohon: ast.Module, terlarang: Collection[str]) -> Temuan:
    """Log calls that could tell something about a person.

    Refused are names, attributes, keys and strings that are `terlarang` or made of such a word,
    anywhere in the call: as an argument, in an f-string, in `extra`. An exception may be named by
    `type(galat)` or by its `.kode`, never by its words, which can quote what somebody typed; for
    the same reason no traceback is written. `x.pk`, type(x) and len(x) tell nothing of x.
    """
    nama_galat = _GALAT | {
        s.name for s in ast.walk(pohon) if isinstance(s, ast.ExceptHandler) and s.name
    }
    pencatat = _pencatat(pohon)
    for simpul in _panggilan(pohon):
        if _metode(simpul) not in _TINGKAT or not isinstance(simpul.func, ast.Attribute):
            continue
        siapa = ast.unparse(simpul.func.value)
        if not (_PENCATAT.search(siapa) or siapa in pencatat):
            continue
        if _metode(simpul) == "exception":
            yield simpul.lineno, "traceback: exception()"
        for kata in simpul.keywords:
            if kata.arg in {"exc_info", "stack_info"}:
                yield simpul.lineno, f"traceback: {kata.arg}"
        for isi in (*simpul.args, *(k.value for k in simpul.keywords)):
            for satu in _yang_terbaca(isi, nama_galat):
                if satu in nama_galat:
                    yield simpul.lineno, f"words of an exception: {satu}"
                elif satu in terlarang or _BAGIAN & set(satu.lower().split("_")):
                    yield simpul.lineno, f"personal: {satu}"


def _pencatat(pohon: ast.AST) -> set[str]:
    """Variables that hold a logger, whatever they are called."""
    return {
        ast.unparse(sasaran)
        for s in ast.walk(pohon)
        if isinstance(s, ast.Assign) and _PENCATAT.search(ast.unparse(s.value))
        for sasaran in s.targets
    }


def _yang_terbaca(simpul: ast.AST, nama_galat: Collection[str]) -> Iterator[str]:
    """Names, attributes and strings of an expression whose value it may show."""
    match simpul:
        case ast.Attribute(attr="pk" | "id"):
            return
        case ast.Call(func=ast.Name(id="type" | "len")):
            return
        case ast.Attribute(value=ast.Name(id=nama), attr="kode") if nama in nama_galat:
            return
        case ast.Name(id=nama) | ast.Attribute(attr=nama):
            yield nama
        case ast.Constant(value=str(nama)):
            yield nama
    for anak in ast.iter_child_nodes(simpul):
        yield from _yang_terbaca(anak, nama_galat)


# --- Tests that say nothing --------------------------------------------------------------------


def uji_hampa(pohon: ast.Module) -> Temuan:
    """Tests whose last word is that a page answered: not what it showed, nor what it did."""
    for simpul in ast.walk(pohon):
        if isinstance(simpul, ast.FunctionDef) and simpul.name.startswith("test_"):
            akhir = simpul.body[-1]
            while isinstance(akhir, ast.With | ast.For | ast.If | ast.Try):
                akhir = akhir.body[-1]
            if isinstance(akhir, ast.Assert) and _hanya_menjawab(akhir.test):
                yield simpul.lineno, simpul.name


def _hanya_menjawab(simpul: ast.expr) -> bool:
    """`x.status_code == 200`, also several of them, also turned round."""
    match simpul:
        case ast.BoolOp(values=semua):
            return all(map(_hanya_menjawab, semua))
        case ast.Compare(left=kiri, ops=[ast.Eq()], comparators=[kanan]):
            sisi = {ast.unparse(kiri).rpartition(".")[2], ast.unparse(kanan).rpartition(".")[2]}
            return sisi in ({"status_code", "200"}, {"status_code", "OK"})
    return False


# --- What happens behind a row's back ----------------------------------------------------------

_DIAM = {"save", "asave", "delete", "adelete"}


def diam_diam(pohon: ast.Module) -> Temuan:
    """Django's signals, and models that do more than to store when they are stored."""
    for simpul in ast.walk(pohon):
        if isinstance(simpul, ast.Import | ast.ImportFrom):
            dari = getattr(simpul, "module", None)
            for satu in simpul.names:
                penuh = f"{dari}.{satu.name}" if dari else satu.name
                if re.match(r"django\.(dispatch|.*\bsignals)\b", penuh):
                    yield simpul.lineno, penuh
        elif isinstance(simpul, ast.ClassDef):
            # A form's save() is called by whoever uses it.
            if any(ast.unparse(dasar).endswith("Form") for dasar in simpul.bases):
                continue
            for anak in simpul.body:
                if isinstance(anak, ast.FunctionDef | ast.AsyncFunctionDef) and anak.name in _DIAM:
                    yield anak.lineno, f"{simpul.name}.{anak.name}"


# --- Names of other rooms ----------------------------------------------------------------------


def sebutan_ruang(ruang: Collection[str]) -> re.Pattern[str]:
    """What names something that stands in one of `ruang`: an address (layanan:x, admin:layanan_x),
    a permission, model or module (layanan.x), a template (layanan/x.html)."""
    nama = "|".join(ruang)
    return re.compile(
        rf"\badmin:(?:{nama})_|(?<![\w/])(?:{nama})[:.]\w|perms\.(?:{nama})\b"
        rf"|(?<!\w)(?:{nama})/[\w/]+\.html"
    )


def penyebut_ruang(pohon: ast.Module, ruang: Collection[str]) -> Temuan:
    """Strings that do so. Docstrings may: they tell, and nothing hangs on them."""
    pola = sebutan_ruang(ruang)
    cerita = {id(s.value) for s in ast.walk(pohon) if isinstance(s, ast.Expr)}
    for simpul in ast.walk(pohon):
        match simpul:
            case ast.Constant(value=str(teks)) if id(simpul) not in cerita:
                if pola.search(teks) or teks in ruang:  # apps.get_model("layanan", "Permohonan")
                    yield simpul.lineno, teks
