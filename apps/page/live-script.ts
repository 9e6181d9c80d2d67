/**
 * Fetches the page again every few seconds while somebody looks at it, and replaces its content. The program renders
 * the page, so that what it shows is the same without a script.
 */
export const LIVE_SCRIPT = String.raw`
'use strict';
(() => {
  const seconds = Number(document.body.dataset.refresh);
  let timer;
  const update = async () => {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      const response = await fetch(location.href, { cache: 'no-store', signal: AbortSignal.timeout(seconds * 2000) });
      if (!response.ok) throw new Error('status ' + response.status);
      const fresh = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector('main');
      document.querySelector('main').replaceWith(document.adoptNode(fresh));
      document.body.classList.remove('is-lost');
    } catch {
      document.body.classList.add('is-lost');
    }
    timer = setTimeout(update, seconds * 1000);
  };
  document.addEventListener('visibilitychange', update);
  timer = setTimeout(update, seconds * 1000);
})();
`;
