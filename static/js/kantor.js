/* The keys of the office. Each stands in `data-kunci` beside what it presses, and all of them can be
   switched off (WCAG 2.1.4). Nothing needs this script: the same letters are access keys. */
(() => {
  "use strict";
  const semua = (apa) => [...document.querySelectorAll(apa)];
  const TULIS = "textarea, select, input:not([type=radio]):not([type=checkbox]):not([type=submit])";
  const LACI = "#user-tools details[open], .langkah details[open]";
  const daftar = document.getElementById("pintasan");

  const simpanan = (nilai) => {
    try { return nilai ? localStorage.setItem("pintasan", nilai) : localStorage.getItem("pintasan"); } catch { return null; }
  };
  const nyala = () => simpanan() !== "mati";
  const kata = () => semua("[data-pintasan] b").forEach((x) => { x.textContent = nyala() ? "nyala" : "mati"; });

  /* Where the work is: what is wrong, else what is missing; where nothing is, the button that
     decides, or, if that is no matter of a key, the first field. */
  const fokus = (form) => {
    const isian = [...form.elements].filter((x) => x.matches("input:not([type=hidden]), textarea, select"));
    const kurang = isian.find((x) => x.required && !x.value);
    const lalu = form.matches("[data-putus]") ? form.querySelector("button.utama") : isian[0];
    (form.querySelector(".is-invalid, [aria-invalid=true]") || kurang || lalu)?.focus();
  };

  const tekan = (apa) => {
    if (apa.matches("[type=search]")) return apa.focus();
    apa.click();
    if (apa.matches("summary") && apa.parentNode.open) fokus(apa.parentNode.querySelector("form"));
  };

  const tunjuk = (baris, arah) => {
    const kini = baris.findIndex((x) => x.contains(document.activeElement));
    const ke = baris[Math.max(0, Math.min(baris.length - 1, kini < 0 ? 0 : kini + arah))];
    ke?.querySelector("th a, td a")?.focus();
    ke?.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("keydown", (e) => {
    const kini = document.activeElement;
    if (e.key === "Escape") {
      semua(LACI).forEach((x) => { x.open = false; x.querySelector("summary").focus(); });
      return;
    }
    if (e.ctrlKey || e.altKey || e.metaKey || e.repeat || !nyala() || kini.matches(TULIS) || daftar?.open) return;
    const kunci = e.key.toLowerCase();
    const baris = semua("#result_list tbody tr");
    const di = baris.find((x) => x.contains(kini));
    const sebut = `[data-kunci="${CSS.escape(kunci)}"]`;
    const sasaran = document.querySelector(`main ${sebut}`) || document.querySelector(sebut);
    if (kunci === "?" && daftar) daftar.showModal();
    else if (baris.length && (kunci === "j" || kunci === "k")) tunjuk(baris, kunci === "j" ? 1 : -1);
    else if (kunci === "x" && di) di.querySelector("input[type=checkbox]")?.click();
    else if (sasaran) tekan(sasaran);
    else return;
    e.preventDefault();
  });

  document.addEventListener("click", (e) => {
    if (e.target.closest("[data-pintasan]")) { simpanan(nyala() ? "mati" : "nyala"); kata(); }
    if (e.target.closest("[data-buka-pintasan]")) daftar?.showModal();
    semua(LACI).forEach((x) => { if (!x.contains(e.target)) x.open = false; });
  });

  /* Nobody types on the page meanwhile: then it may show what is new by itself. */
  const segarkan = () => semua("main textarea").some((x) => x.value !== x.defaultValue) || location.reload();
  document.addEventListener("submit", (e) => {
    if (!e.target.matches("[data-cetak]")) return;
    e.target.closest(".langkah").querySelector("p").textContent = "Surat dibuka di halaman lain untuk dicetak, dan dicatat sudah dicetak.";
  });
  document.getElementById("action-toggle")?.addEventListener("change", (e) => {
    semua("#result_list .action-select").forEach((x) => { x.checked = e.target.checked; });
  });
  const tunggu = document.querySelector("[data-tunggu]");
  const tanya = async () => {
    try {
      const jawab = await fetch(tunggu.dataset.tunggu, { cache: "no-store" });
      if (jawab.ok && (await jawab.json()).siap) return segarkan();
    } catch { /* the line is down: asked again */ }
    setTimeout(tanya, 1500);
  };
  if (tunggu) setTimeout(tanya, 700);

  kata();
  semua("[data-buka-pintasan]").forEach((x) => { x.hidden = false; });
  const salah = document.querySelector(".langkah details[open] form");
  if (salah) fokus(salah);
  else if (document.activeElement === document.body) document.querySelector("#result_list tbody th a")?.focus();
})();
