/* A browser shows days in the order of its own language, often month first. Beside each field the
   day stands in Indonesian words, whatever the browser speaks. */
(() => {
  "use strict";
  const hari = { weekday: "long", day: "numeric", month: "long", year: "numeric" };

  for (const isian of document.querySelectorAll("input[type=date], input[type=datetime-local]")) {
    const kata = document.createElement("output");
    kata.className = "tanggal-terbaca";
    kata.htmlFor = isian.id;
    const tulis = () => {
      const saat = new Date(isian.value.includes("T") ? isian.value : `${isian.value}T00:00`);
      const jam = isian.value.slice(11, 16).replace(":", ".");
      kata.textContent = isNaN(saat) ? "" : saat.toLocaleDateString("id-ID", hari) + (jam && `, ${jam}`);
    };
    isian.addEventListener("input", tulis);
    isian.after(kata);
    tulis();
  }
})();
