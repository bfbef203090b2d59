/* "Cetak": opens what is folded, so that the paper has all tables. Without this script the button is
   not there, and the browser's own printing does. */
"use strict";
addEventListener("beforeprint", () => {
  for (const lipatan of document.querySelectorAll("main details")) lipatan.open = true;
});
for (const tombol of document.querySelectorAll("[data-cetak]")) {
  tombol.addEventListener("click", () => print());
  tombol.hidden = false;
}
