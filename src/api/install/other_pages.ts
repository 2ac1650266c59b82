// The pages for when there is no eSIM to show.
import { type Html, html } from '../http/html.ts';
import type { Page } from '../http/send_html.ts';
import { pageStyle } from './page_style.ts';

/** For every address that names no eSIM. */
export function notFoundPage(): Page {
  return messagePage(
    'We cannot find this eSIM',
    html`Check that the link is complete: it may have been cut in the message you got. Otherwise ask your provider for a new one.`,
  );
}

/** For when it is our fault. */
export function troublePage(): Page {
  return messagePage('Something went wrong', html`Your eSIM is safe. Please try again in a minute.`);
}

function messagePage(heading: string, lead: Html): Page {
  return {
    title: heading,
    style: pageStyle,
    body: html`<main><header><h1>${heading}</h1><p class="lead">${lead}</p></header></main>`,
  };
}
