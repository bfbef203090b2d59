// New messages appear by themselves; the form below stays untouched.
"use strict";
const obrolan = document.getElementById("obrolan");
let terakhir = "";

function keBawah() {
  obrolan.scrollTop = obrolan.scrollHeight;
}

async function segarkan() {
  if (document.hidden) return;
  const jawaban = await fetch("obrolan").catch(() => null);
  if (!jawaban || !jawaban.ok) return;
  const isi = await jawaban.text();
  if (isi === terakhir) return;
  const diBawah = obrolan.scrollHeight - obrolan.scrollTop - obrolan.clientHeight < 80;
  terakhir = isi;
  obrolan.innerHTML = isi; // escaped by the server
  if (diBawah) keBawah();
}

keBawah();
setInterval(segarkan, 1000);
