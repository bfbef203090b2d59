/* "Lihat PIN": shows what is typed into a field that hides it. Without this script the box is not
   there. Hidden again before the form goes, so that no browser keeps a PIN like other text. */
"use strict";
for (const kotak of document.querySelectorAll("[data-lihat]")) {
  const bidang = document.getElementById(kotak.getAttribute("aria-controls"));
  const atur = () => {
    bidang.type = kotak.checked ? "text" : "password";
  };
  kotak.checked = false;
  kotak.addEventListener("change", atur);
  bidang.form.addEventListener("submit", () => {
    kotak.checked = false;
    atur();
  });
  kotak.parentElement.hidden = false;
}
