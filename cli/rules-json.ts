/** JSON for programs; numbers that JSON lacks are texts, as in Prometheus' API. */
export function rulesJson(value: unknown): string {
  return `${JSON.stringify(value, numbersAsTexts, 2)}\n`;
}

function numbersAsTexts(_key: string, value: unknown): unknown {
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}
