// How the pages look: one column for phones, light and dark, system fonts, no picture but the logo of a branding.

export const pageStyle = `
:root{color-scheme:light dark;--text:#14171c;--muted:#5c6673;--line:#e4e8ed;--back:#f4f6f9;--card:#fff;--accent:#1a56db;--on-accent:#fff;--good:#0b7a4b;--good-back:#e3f5ec;--calm:#4a5564;--calm-back:#e8ecf1;--bad:#b42318;--bad-back:#fdecea;--note:#7a5200;--note-back:#fff5dc}
@media (prefers-color-scheme:dark){:root{--text:#eef1f5;--muted:#9ba6b5;--line:#2b313a;--back:#0f1216;--card:#181c22;--accent:#6ea0ff;--on-accent:#0b1220;--good:#5fd3a0;--good-back:#12301f;--calm:#b6c0cd;--calm-back:#262c35;--bad:#ff9a90;--bad-back:#3a1714;--note:#ffd98a;--note-back:#33270b}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;-webkit-text-size-adjust:100%}
main{max-width:30rem;margin:0 auto;padding:2rem 1rem 3rem}
header{margin:0 .25rem 1.25rem}
h1{font-size:1.75rem;line-height:1.2;letter-spacing:-.015em;margin:.75rem 0 .5rem}
h2{font-size:1.05rem;margin:0 0 .5rem}
p{margin:0}
.logo{display:block;max-width:10rem;max-height:3.5rem;margin:0 0 1rem}
.lead{color:var(--muted)}
.small{color:var(--muted);font-size:.875rem}
.small em,ol em{font-style:normal;font-weight:600;color:var(--text)}
.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.badge{display:inline-block;padding:.15rem .65rem;border-radius:999px;font-size:.8125rem;font-weight:600}
.good{color:var(--good);background:var(--good-back)}.calm{color:var(--calm);background:var(--calm-back)}.bad{color:var(--bad);background:var(--bad-back)}
.plans{list-style:none;margin:0 0 1rem;padding:0}
.plans li{display:flex;flex-wrap:wrap;gap:.25rem .75rem;padding:.75rem 1rem;background:var(--card);border:1px solid var(--line);border-radius:.875rem}
.plans li+li{margin-top:.5rem}
.plans span{color:var(--muted)}.plans span::before{content:"·";margin-right:.75rem}
.note{margin-bottom:1rem;padding:.75rem 1rem;border-radius:.875rem;color:var(--note);background:var(--note-back);font-size:.9375rem}
section{margin-bottom:1rem;padding:1.125rem 1rem;background:var(--card);border:1px solid var(--line);border-radius:.875rem}
.buttons{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.625rem;margin:.25rem 0 .75rem}
.button{display:block;padding:.8rem .25rem;font-size:.9375rem;white-space:nowrap;border-radius:.75rem;background:var(--accent);color:var(--on-accent);font-weight:600;text-align:center;text-decoration:none}
.button:focus-visible,button:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.qr{max-width:16rem;margin:1rem auto .25rem;padding:.25rem;background:#fff;border-radius:.75rem}
.qr svg{display:block;width:100%;height:auto}
.field{display:flex;align-items:center;gap:.75rem;padding:.65rem 0;border-top:1px solid var(--line)}
.small+.field{margin-top:.75rem}
.field:last-child{padding-bottom:0}
.field>div{flex:1;min-width:0}
.label{display:block;color:var(--muted);font-size:.8125rem}
.value{overflow-wrap:anywhere;user-select:all;font-size:.9375rem}
button{flex:none;padding:.4rem .8rem;border:1px solid var(--line);border-radius:.6rem;background:transparent;color:var(--accent);font:600 .875rem/1.2 inherit;font-family:inherit;cursor:pointer}
ol{margin:.25rem 0 .75rem;padding-left:1.25rem}li{margin:.2rem 0}
footer{padding:.25rem;color:var(--muted);font-size:.8125rem;text-align:center}`;
