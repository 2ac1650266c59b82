// A page of ours: everything inline, nothing from elsewhere, not framed, not indexed, not kept.
import { randomBytes } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { type Html, html, trustedHtml } from './html.ts';

/** Sends a document. Its only styles and script are those given here, under a nonce. */
export function sendHtml(reply: FastifyReply, page: Page): FastifyReply {
  const nonce = randomBytes(16).toString('base64');
  return reply
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex, nofollow',
      'cache-control': 'no-store',
    })
    .send(writeDocument(page, nonce).markup);
}

export type Page = {
  title: string;
  /** CSS. */
  style: string;
  body: Html;
  /** JavaScript; the page must be of use without it. */
  script?: string | undefined;
};

function writeDocument({ title, style, body, script }: Page, nonce: string): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style nonce="${nonce}">${trustedHtml(style)}</style>
</head>
<body>
${body}
${script === undefined ? null : html`<script nonce="${nonce}">${trustedHtml(script)}</script>`}
</body>
</html>
`;
}
