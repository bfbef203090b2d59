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

const [{ css: sisa }] = await new PurgeCSS().purge({
    content: [
        `${akar}/templates/**/*.html`,
        // Of crispy's own templates only what our bootstrap5/field.html leaves to them.
        ...["uni_form.html", "display_form.html"].map((nama) => `${crispy}/${nama}`),
    ],
    skippedContentGlobs: [`${akar}/templates/admin/**`, `${akar}/templates/surat/kertas.html`],
    css: [{ raw: bootstrap }],
    safelist: { standard: ["textarea", "select", "is-invalid", "invalid-feedback", "form-control", "form-select", "alert"] },
    // Words that happen to be class names too, and what our own sheet says in full.
    blocklist: ["row", "col", "table", "nav", /^alert-/, /^form-check/, /^fs-/, /^h[1-6]$/],
    variables: true,
    keyframes: true,
});

// Our policy allows no data: pictures, and our own sheet draws what Bootstrap draws with them.
const tanpa_gambar = sisa
    .replace(/[\w-]+:\s*url\((["']?)data:[^)]*?\1\)[^;}]*;?/g, "")
    .replace(/[^{}]*::-webkit-file-upload-button\{[^}]*\}|[^{}]*::file-selector-button\{[^}]*\}/g, "");

const milik = readFileSync(`${akar}/static/css/sumber/bugbug.css`, "utf8");
const { code } = transform({
    filename: "bugbug.css",
    code: Buffer.from(tanpa_gambar + milik),
    minify: true,
    targets: { chrome: 90 << 16, firefox: 90 << 16, safari: 14 << 16 },
});
writeFileSync(`${akar}/static/css/bugbug.css`, `${lisensi}\n${code}\n`);
