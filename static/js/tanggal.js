/* A browser's calendar shows days in the order of the browser's language, often month first. In the
   office a day is typed as it is said (1-12-2026), whatever the browser speaks, and stands beside
   the field in words. Without this script the browser's own calendar does. */
(() => {
  "use strict";
  const kata = { weekday: "long", day: "numeric", month: "long", year: "numeric" };

  /* ISO, or day first; null for what is neither. */
  const baca = (teks) => {
    const [, a, b, c] = teks.match(/^(\d+)[-/. ](\d+)[-/. ](\d+)/) ?? [];
    if (!c) return null;
    const [tahun, hari] = a.length === 4 ? [a, c] : [c, a];
    const saat = new Date(Number(tahun), Number(b) - 1, Number(hari));
    return tahun.length === 4 && saat.getMonth() === Number(b) - 1 ? saat : null;
  };

  const dua = (angka) => String(angka).padStart(2, "0");

  for (const isian of document.querySelectorAll("input[type=date], input[type=datetime-local]")) {
    const terbaca = document.createElement("output");
    terbaca.className = "tanggal-terbaca";
    terbaca.htmlFor = isian.id;
    if (isian.type === "date") {
      const awal = baca(isian.value);
      isian.type = "text";
      isian.inputMode = "numeric";
      isian.placeholder = "hari-bulan-tahun";
      if (awal) isian.value = `${dua(awal.getDate())}-${dua(awal.getMonth() + 1)}-${awal.getFullYear()}`;
    }
    const tulis = () => {
      terbaca.textContent = baca(isian.value)?.toLocaleDateString("id-ID", kata) ?? "";
    };
    isian.addEventListener("input", tulis);
    isian.after(terbaca);
    tulis();
  }
})();
