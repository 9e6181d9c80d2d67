import { createHash } from 'node:crypto';
import { html, Markup } from '../../core/markup';
import type { HttpReply } from '../runtime';
import { LIVE_SCRIPT } from './live-script';
import { PAGE_STYLE } from './page-style';

/** A page that is all there is: no other file, and nothing from anywhere else. */
export interface PageProps {
  readonly title: string;
  /** What is fetched again and replaced, every few seconds. */
  readonly content: Markup;
  /** Style of the content, besides that of all pages. */
  readonly style: string;
}

const REFRESH_SECONDS = 5;

/** The page as an answer. Browsers run and load nothing but what is in it. */
export function pageReply({ title, content, style }: PageProps): HttpReply {
  const styles = `${PAGE_STYLE}${style}`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${element('style', styles)}
      </head>
      <body data-refresh="${REFRESH_SECONDS}">
        <main>${content}</main>
        <p class="lost" role="status">No answer from the program; this is what it said last.</p>
        ${element('script', LIVE_SCRIPT)}
      </body>
    </html> `;
  return {
    status: 200,
    type: 'text/html; charset=utf-8',
    body: page.text,
    headers: {
      'content-security-policy': [
        "default-src 'none'",
        `style-src ${hashOf(styles)}`,
        `script-src ${hashOf(LIVE_SCRIPT)}`,
        "connect-src 'self'",
        'img-src data:',
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
      ].join('; '),
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
  };
}

/** Nothing but the text is in the element: its hash is what lets it in. */
function element(name: 'style' | 'script', text: string): Markup {
  return new Markup(`<${name}>${text}</${name}>`);
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
