import { html, Markup } from '../../../core/markup';
import { number } from '../../page';
import type { Part, Share } from './shares';

const WIDTH = 1000;
const HEIGHT = 30;
const NAMES: Readonly<Record<Part, string>> = {
  others: 'others',
  opportunistic: 'opportunistic',
  free: 'free',
  reserve: 'reserve',
  missing: 'wanted beyond that',
};

/**
 * A resource as one bar, with what each part of it is.
 * @param unit empty for what is just counted
 */
export function bar(title: string, shares: readonly Share[], unit: string): Markup {
  const shown = shares.filter(({ amount }) => amount > 0);
  const whole = shown.reduce((sum, { amount }) => sum + amount, 0);
  const fits = shares.reduce((sum, { part, amount }) => sum + (part === 'missing' ? 0 : amount), 0);
  return html`<section class="card">
    <header>
      <h2>${title}</h2>
      <span class="muted">${amountText(fits, unit)} allocatable</span>
    </header>
    <svg
      class="bar"
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      preserveAspectRatio="none"
      role="img"
      aria-label="${title}: ${shown.map(({ part, amount }) => `${NAMES[part]} ${amountText(amount, unit)}`).join(', ')}"
    >
      ${shown.some(({ part }) => part === 'reserve') ? HATCH : ''}
      <rect class="track" width="${WIDTH}" height="${HEIGHT}" />
      ${rectangles(shown, whole)}
    </svg>
    <ul class="legend">
      ${shown.map((share) => entry(share, unit, fits))}
    </ul>
  </section>`;
}

/** Lines across the part that is kept free. */
const HATCH = new Markup(
  '<defs><pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
    '<rect class="hatch-ground" width="8" height="8"/><rect class="hatch-line" width="3" height="8"/></pattern></defs>',
);

function rectangles(shares: readonly Share[], whole: number): readonly Markup[] {
  let from = 0;
  return shares.map(({ part, amount }) => {
    const width = (amount / whole) * WIDTH;
    const markup = html`<rect
      class="part ${part}"
      x="${round(from)}"
      width="${round(width)}"
      height="${HEIGHT}"
    />`;
    from += width;
    return markup;
  });
}

function entry({ part, amount }: Share, unit: string, whole: number): Markup {
  const percent = whole > 0 ? ` · ${number((amount / whole) * 100)}%` : '';
  return html`<li>
    <i class="swatch ${part}"></i>${NAMES[part]} <b>${amountText(amount, unit)}</b
    ><span class="muted">${percent}</span>
  </li>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function amountText(amount: number, unit: string): string {
  return unit === '' ? number(amount) : `${number(amount, 1)} ${unit}`;
}
