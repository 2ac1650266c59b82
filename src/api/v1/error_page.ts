// A page for each error code: what `type` in a problem points at.
import { type ErrorCode, errorCodes } from '../../base/error_codes.ts';
import { html } from '../http/html.ts';
import type { Page } from '../http/send_html.ts';
import { problemPage, problemStatuses } from './problem.ts';
import { routes } from './routes.ts';

/** What the code means, with which status, and which operations answer it in particular. */
export function errorPage(code: ErrorCode): Page {
  const callers = routes.filter((route) => route.errors.includes(code));
  return {
    title: `${code} – Overair API`,
    style,
    body: html`<main>
<p><a href="/docs/errors">Error codes</a></p>
<h1><code>${code}</code></h1>
<p class="lead">${errorCodes[code]}</p>
<dl>
<dt>HTTP status</dt><dd>${problemStatuses[code]}</dd>
<dt>What to do</dt><dd>${adviceByStatus[problemStatuses[code]]}</dd>
${
  callers.length === 0
    ? null
    : html`<dt>Answered by</dt>${callers.map(
        ({ method, path, summary }) => html`<dd><code>${method} /v1${path}</code> ${summary}</dd>`,
      )}`
}
</dl>
<p>Decide by <code>code</code>; <code>detail</code> and <code>fields</code> say what is wrong this time, and <code>requestId</code> is what support needs.</p>
</main>`,
  };
}

/** All codes with their status. */
export function errorIndexPage(): Page {
  const rows = Object.entries(errorCodes).map(
    ([code, words]) =>
      html`<tr><td><a href="${problemPage(code)}"><code>${code}</code></a></td><td>${problemStatuses[code as ErrorCode]}</td><td>${words}</td></tr>`,
  );
  return {
    title: 'Error codes – Overair API',
    style,
    body: html`<main><p><a href="/docs/">API reference</a></p><h1>Error codes</h1><table>${rows}</table></main>`,
  };
}

const adviceByStatus: Record<(typeof problemStatuses)[ErrorCode], string> = {
  400: 'Correct the request; the same one will be refused again.',
  401: 'Give a valid API key as Authorization: Bearer ovr_….',
  402: 'Top up the balance, then repeat the request with the same Idempotency-Key.',
  403: 'Use an API key with the scope that this operation needs.',
  404: 'Check the identifier: what belongs to another account answers the same.',
  405: 'Use one of the methods in the Allow header.',
  409: 'Read the current state and decide anew; wait first when Retry-After is given.',
  413: 'Send less in one request.',
  415: 'Send application/json.',
  429: 'Wait as Retry-After says, then repeat the request.',
  500: 'Repeat the request with the same Idempotency-Key; tell us the requestId if it stays.',
  503: 'Wait as Retry-After says, then repeat the request with the same Idempotency-Key.',
};

const style = `
:root{color-scheme:light dark;--text:#16181d;--muted:#5b6472;--line:#e3e6ea;--back:#fff;--accent:#1d5fd6}
@media (prefers-color-scheme:dark){:root{--text:#eceef2;--muted:#9aa4b2;--line:#2c3139;--back:#14161a;--accent:#7fb0ff}}
body{margin:0;background:var(--back);color:var(--text);font:16px/1.6 system-ui,sans-serif}
main{max-width:46rem;margin:0 auto;padding:2.5rem 1.25rem}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
h1{font-size:1.75rem;line-height:1.25;margin:.25rem 0 .5rem}
code{font:.92em ui-monospace,monospace}
.lead{font-size:1.15rem;color:var(--muted);margin:0 0 1.5rem}
dl{border-top:1px solid var(--line)}dt{margin-top:1rem;font-size:.85rem;color:var(--muted)}dd{margin:.15rem 0 0}
table{border-collapse:collapse;width:100%}td{border-top:1px solid var(--line);padding:.5rem .75rem .5rem 0;vertical-align:top}`;
