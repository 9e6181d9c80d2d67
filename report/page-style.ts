/** The page's looks: system fonts, colours of the reader's scheme, one column on small screens and on paper. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --card: #ffffff; --text: #1b2430; --muted: #5b6675; --rule: #dde2e8; --grid: #e9edf1;
  --good: #1a7f4b; --good-ground: #e3f5ea; --bad: #b3261e; --bad-ground: #fdeceb; --notice-ground: #fff4dc;
  --blue: #1f6feb; --orange: #c2570c; --green: #1a7f4b; --grey: #7a8594;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f141a; --card: #171e26; --text: #e4e9ef; --muted: #9aa7b5; --rule: #2b3540; --grid: #232c36;
    --good: #5bd08c; --good-ground: #12301f; --bad: #ff8f87; --bad-ground: #3a1917; --notice-ground: #36290d;
    --blue: #6cabff; --orange: #ffa05c; --green: #5bd08c; --grey: #8a97a6;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main { max-width: 1180px; margin: 0 auto; padding: 28px 24px 48px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0; font-weight: 650; letter-spacing: -.01em; }
h2 { font-size: 19px; margin: 0; font-weight: 620; }
h3 { font-size: 13px; margin: 22px 0 8px; color: var(--muted); font-weight: 600; }
p { margin: 0; }
.lead { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; margin-bottom: 4px; }
.muted { color: var(--muted); }
.badge { border-radius: 999px; padding: 3px 12px; font-weight: 600; font-size: 14px; white-space: nowrap; }
.met { background: var(--good-ground); color: var(--good); }
.missed { background: var(--bad-ground); color: var(--bad); }
section { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 20px 22px; margin-top: 20px; }
section > header { display: flex; flex-wrap: wrap; gap: 2px 14px; align-items: baseline; margin-bottom: 12px; }
.size { margin-left: auto; font-variant-numeric: tabular-nums; font-weight: 620; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 430px), 1fr)); gap: 20px 28px; }
figure { margin: 0; min-width: 0; }
figcaption { font-size: 13px; color: var(--muted); font-weight: 600; overflow-wrap: anywhere; }
.plot { min-height: 238px; }
.expectations ul { columns: 2 400px; column-gap: 32px; }
.expectations li { padding: 3px 0; border: 0; break-inside: avoid; }
.conditions li { padding: 2px 0; border: 0; font-size: 14px; }
ul { list-style: none; margin: 0; padding: 0; }
li { display: flex; gap: 10px; padding: 7px 0; border-top: 1px solid var(--rule); overflow-wrap: anywhere; }
li:first-child { border-top: 0; }
.mark { flex: none; width: 1.3em; text-align: center; font-weight: 700; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.scroll { overflow-x: auto; }
table.decisions { border-collapse: collapse; width: 100%; font-size: 14px; }
.decisions th { text-align: left; color: var(--muted); font-weight: 600; font-size: 13px; }
.decisions th, .decisions td { padding: 6px 16px 6px 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
.decisions tr:last-child td { border-bottom: 0; }
.decisions .time, .decisions .change { white-space: nowrap; font-variant-numeric: tabular-nums; }
.decisions .words { overflow-wrap: anywhere; }
.decisions p + p { margin-top: 4px; }
.reason { font-weight: 600; }
.problems { background: var(--notice-ground); }
.uplot .u-legend { font-size: 13px; text-align: left; margin: 0; padding-left: 34px; color: var(--muted); }
.uplot .u-legend th { font-weight: 400; padding-left: 0; }
.uplot .u-legend td { color: var(--text); font-variant-numeric: tabular-nums; }
.uplot .u-legend .u-marker { width: 16px; height: 0; border-width: 0 0 3px !important; }
.u-hz .u-cursor-x, .u-hz .u-cursor-y { border-color: var(--muted); }
footer { margin-top: 24px; font-size: 13px; color: var(--muted); }
@media (max-width: 640px) {
  main { padding: 18px 12px 32px; }
  section { padding: 16px 14px; }
  .decisions thead { display: none; }
  .decisions tr { display: block; border-bottom: 1px solid var(--rule); padding: 8px 0; }
  .decisions tr:last-child { border-bottom: 0; }
  .decisions td { display: inline-block; border: 0 !important; padding: 0 14px 0 0; font-weight: 600; }
  .decisions .words { display: block; padding: 4px 0 0; font-weight: 400; }
}
@media print { body { background: none; } section { break-inside: avoid; } }
`;
