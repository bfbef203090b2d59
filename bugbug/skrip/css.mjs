// Bootstrap purged to the classes that the templates use, then our own sheet, minified into one
// file. Called by css.sh, which installs the packages; arguments: packages, project, crispy folder.
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";

const [paket, akar, crispy] = process.argv.slice(2);
const ambil = createRequire(`${paket}/`);
const { PurgeCSS } = ambil("purgecss");
const { transform } = ambil("lightningcss");

const bootstrap = readFileSync(`${paket}/node_modules/bootstrap/dist/css/bootstrap.min.css`, "utf8");
const lisensi = bootstrap.match(/\/\*![\s\S]*?\*\//)[0];

// Of crispy's own templates only those that our field.html and {{ form|crispy }} reach.
const dipakai = ["errors.html", "uni_form.html", "display_form.html", "field.html"];

const [{ css: sisa }] = await new PurgeCSS().purge({
    content: [
        `${akar}/templates/**/*.html`,
        ...dipakai.map((nama) => `${crispy}/${nama}`),
    ],
    css: [{ raw: bootstrap }],
    safelist: {
        standard: ["is-invalid", "invalid-feedback", "form-control", "form-select", "textarea", "select"],
        greedy: [/^alert(-(info|success|warning|danger))?$/],
    },
    variables: true,
    rejected: false,
});

// Our policy allows no data: pictures, and our own sheet draws what Bootstrap draws with them.
const tanpa_gambar = sisa
    .replace(/[\w-]+:\s*url\((["']?)data:[^)]*?\1\)[^;}]*;?/g, "")
    .replace(/\[data-bs-theme=dark\][^{]*\{[^}]*\}/g, "");

const milik = readFileSync(`${akar}/static/css/sumber/bugbug.css`, "utf8");
const { code } = transform({
    filename: "bugbug.css",
    code: Buffer.from(tanpa_gambar + milik),
    minify: true,
    targets: { chrome: 90 << 16, firefox: 90 << 16, safari: 14 << 16 },
});
writeFileSync(`${akar}/static/css/bugbug.css`, `${lisensi}\n${code}\n`);
