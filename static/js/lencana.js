/* Numbers beside the links of the office, renewed without reloading the page, and a short sound
   for what is new. Without this script the numbers are those of the moment the page was made. */
(() => {
  "use strict";
  const pusat = document.getElementById("lencana");
  if (!pusat) return;

  const alamat = pusat.dataset.alamat;
  const JEDA = Number(pusat.dataset.jeda) || 20000;
  const JEDA_MAKS = Math.max(JEDA, 300000);
  const KUNCI = "bunyi-antrean";
  const judul = document.title;
  const kabar = document.createElement("span");
  let terbaru = Number(pusat.dataset.terbaru) || 0;
  let jeda = JEDA;
  let jam = 0;
  let sedang = false;
  let berhenti = false;

  // --- Sound --------------------------------------------------------------------------------

  let suara = null;

  const nyala = () => {
    try {
      return localStorage.getItem(KUNCI) !== "mati";
    } catch {
      return true; // a browser that keeps nothing
    }
  };

  /* Browsers allow sound only after the first click or key on a page; asked earlier, they only
     complain in the console. */
  const siapkan = () => {
    if (!nyala() || !("AudioContext" in window)) return;
    suara ??= new AudioContext();
    if (suara.state === "suspended") suara.resume().catch(() => {});
  };

  const bunyikan = () => {
    if (!suara || !nyala()) return;
    for (const [mulai, nada] of [[0, 660], [0.18, 880]]) {
      const saat = suara.currentTime + mulai;
      const osilator = suara.createOscillator();
      const keras = suara.createGain();
      osilator.frequency.value = nada;
      keras.gain.setValueAtTime(0.15, saat);
      keras.gain.exponentialRampToValueAtTime(0.001, saat + 0.16);
      osilator.connect(keras).connect(suara.destination);
      osilator.start(saat);
      osilator.stop(saat + 0.17);
    }
  };

  const tombolBunyi = () => {
    const tombol = document.createElement("button");
    const tulis = () => {
      tombol.textContent = nyala() ? "Bunyi: nyala" : "Bunyi: mati";
    };
    tombol.type = "button";
    tombol.addEventListener("click", () => {
      try {
        localStorage.setItem(KUNCI, nyala() ? "mati" : "nyala");
      } catch {
        kabar.textContent = "Peramban ini tidak dapat mengingat pilihan bunyi.";
      }
      tulis();
      siapkan();
      bunyikan(); // so that one hears how it sounds
    });
    addEventListener("storage", tulis); // switched in another tab
    tulis();
    document.getElementById("bunyi")?.append(tombol);
    if (navigator.userActivation?.hasBeenActive) siapkan();
    for (const apa of ["pointerdown", "keydown"]) addEventListener(apa, siapkan, { passive: true });
  };

  // --- Numbers ------------------------------------------------------------------------------

  const beriJudul = (angka) => {
    document.title = angka ? `(${angka}) ${judul}` : judul;
  };

  const tampilkan = (isi) => {
    for (const tanda of document.querySelectorAll("[data-lencana]")) {
      const angka = isi[tanda.dataset.lencana];
      if (angka === undefined) continue;
      tanda.querySelector("b").textContent = angka;
      tanda.hidden = !angka;
    }
    beriJudul(isi.antrean);
    if (isi.terbaru > terbaru) {
      terbaru = isi.terbaru;
      kabar.textContent = `Ada permohonan baru. Antrean: ${isi.antrean}.`;
      if ("bunyi" in pusat.dataset) bunyikan();
    }
  };

  const akhiri = () => {
    berhenti = true;
    kabar.classList.remove("visually-hidden");
    kabar.textContent = "Angka berhenti: muat ulang halaman, lalu masuk lagi.";
  };

  const tanya = async () => {
    clearTimeout(jam);
    if (berhenti || sedang || document.hidden) return;
    sedang = true;
    try {
      const jawab = await fetch(alamat, { cache: "no-store", redirect: "manual" });
      if (jawab.type === "opaqueredirect" || jawab.status === 401 || jawab.status === 403) {
        akhiri(); // the session has ended: the office asks for a login
      } else if (jawab.ok) {
        tampilkan(await jawab.json());
        jeda = JEDA;
      } else {
        throw new Error(jawab.status);
      }
    } catch {
      jeda = Math.min(jeda * 2, JEDA_MAKS); // the server rests, or the line is down
    }
    sedang = false;
    if (!berhenti && !document.hidden) jam = setTimeout(tanya, jeda);
  };

  kabar.className = "visually-hidden";
  kabar.setAttribute("role", "status");
  pusat.append(kabar);
  if ("bunyi" in pusat.dataset) tombolBunyi();
  beriJudul(Number(document.querySelector('[data-lencana="antrean"] b')?.textContent));
  document.addEventListener("visibilitychange", tanya); // at once when the tab is looked at again
  jam = setTimeout(tanya, jeda);
})();
