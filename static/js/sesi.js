/* Says three minutes before the end of a session that it ends, with a button that prolongs it.
   Without this script the time in the head of the page says it. */
(() => {
  "use strict";
  const pusat = document.getElementById("sesi");
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (!pusat || !token) return;

  const PERINGATAN = Number(pusat.dataset.peringatan);
  const pita = document.createElement("div");
  const kata = document.createElement("p");
  const tombol = document.createElement("button");
  let jam = 0;

  const bicara = (teks, denganTombol) => {
    kata.textContent = teks;
    tombol.hidden = !denganTombol;
    pita.hidden = !teks;
  };

  const habis = () =>
    bicara("Sesi Anda sudah berakhir. Kirim saja formulirnya: yang Anda ketik disimpan 30 menit, lalu Anda masuk lagi.", false);

  /* Another tab may have prolonged the session meanwhile: the server knows. */
  const tanya = async (metode = "GET") => {
    clearTimeout(jam);
    const headers = metode === "POST" ? { "X-CSRFToken": token } : {};
    try {
      const jawab = await fetch(pusat.dataset.alamat, {
        method: metode, headers, cache: "no-store", redirect: "manual",
      });
      if (jawab.type === "opaqueredirect" || jawab.status === 403) return habis();
      if (!jawab.ok) throw new Error(jawab.status);
      const { sisa, pukul } = await jawab.json();
      pusat.querySelector("b").textContent = pukul;
      const dekat = sisa <= PERINGATAN;
      bicara(dekat ? `Sesi Anda berakhir pukul ${pukul}. Masih bekerja?` : "", dekat);
      jam = setTimeout(() => tanya(), (dekat ? Math.min(sisa + 1, 15) : sisa - PERINGATAN) * 1000);
    } catch {
      jam = setTimeout(() => tanya(), 30000); // the line is down; the end comes all the same
    }
  };

  pita.className = "sesi-pita";
  pita.setAttribute("role", "status");
  pita.hidden = true;
  tombol.type = "button";
  tombol.textContent = "Lanjutkan";
  tombol.addEventListener("click", () => tanya("POST"));
  pita.append(kata, tombol);
  document.body.append(pita);
  document.addEventListener("visibilitychange", () => document.hidden || tanya());
  jam = setTimeout(() => tanya(), Math.max(0, Number(pusat.dataset.sisa) - PERINGATAN) * 1000);
})();
