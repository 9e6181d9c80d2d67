/** Looks of all pages: system fonts, colours of the reader's scheme, one column on small screens. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f4f6f9; --card: #ffffff; --text: #18212d; --muted: #566272; --rule: #dde3ea; --track: #e8edf2;
  --blue: #2f6fdb; --orange: #d9730d; --green: #1a8f5c; --grey: #8a94a3; --bad: #b3261e; --bad-ground: #fdeceb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0e1319; --card: #161d26; --text: #e6ebf1; --muted: #9aa8b8; --rule: #2a3541; --track: #232d38;
    --blue: #6aa6ff; --orange: #ff9d4d; --green: #4fd09a; --grey: #8592a3; --bad: #ff8f87; --bad-ground: #3a1917;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main { max-width: 1080px; margin: 0 auto; padding: 28px 20px 40px; }
h1 { font-size: 25px; line-height: 1.25; margin: 0; font-weight: 650; letter-spacing: -.01em; }
h2 { font-size: 16px; margin: 0; font-weight: 620; }
p { margin: 0; }
.muted { color: var(--muted); }
.lead { display: flex; flex-wrap: wrap; gap: 2px 14px; align-items: baseline; }
.card { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 18px 20px; margin-top: 16px; }
.card > header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 2px 14px; align-items: baseline; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 14px; margin-top: 18px; }
.figure { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 14px 18px; }
.figure b { display: block; font-size: 30px; line-height: 1.15; font-weight: 650; font-variant-numeric: tabular-nums; }
.figure span { color: var(--muted); font-size: 13.5px; }
.figure.main b { color: var(--orange); }
.problem { background: var(--bad-ground); color: var(--bad); border-radius: 10px; padding: 10px 16px; margin-top: 16px; }
.lost { display: none; position: fixed; inset: auto 0 0; padding: 10px 20px; text-align: center; background: var(--bad-ground); color: var(--bad); }
.is-lost .lost { display: block; }
`;
