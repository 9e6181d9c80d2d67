/** Looks of the capacity page. */
export const CAPACITY_STYLE = `
.bar { display: block; width: 100%; height: 30px; border-radius: 7px; margin: 12px 0 10px; }
.track, .free { fill: var(--track); background: var(--track); }
.others { fill: var(--blue); background: var(--blue); }
.opportunistic { fill: var(--orange); background: var(--orange); }
.missing { fill: var(--bad); background: var(--bad); }
.hatch-ground { fill: var(--track); }
.hatch-line { fill: var(--green); opacity: .55; }
.bar .reserve { fill: url(#hatch); }
i.reserve { background: repeating-linear-gradient(135deg, var(--green) 0 2px, var(--track) 2px 5px); }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 0; padding: 0; font-size: 14px; }
.legend b { font-weight: 600; font-variant-numeric: tabular-nums; }
.swatch { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 7px; vertical-align: -1px; border: 1px solid var(--rule); }
.chart { display: grid; grid-template-columns: auto 1fr; gap: 10px; margin-top: 14px; }
.chart svg { display: block; width: 100%; height: 240px; overflow: visible; }
.marks { display: flex; flex-direction: column; justify-content: space-between; height: 256px; margin: -8px 0; text-align: right; color: var(--muted); font-size: 12px; line-height: 16px; font-variant-numeric: tabular-nums; }
.grid { stroke: var(--rule); stroke-width: 1; vector-effect: non-scaling-stroke; }
.line { fill: none; stroke-width: 1.5; vector-effect: non-scaling-stroke; }
.allocatable { stroke: var(--grey); }
.limit { stroke: var(--green); stroke-dasharray: 6 4; }
.key { display: inline-block; width: 18px; height: 0; border-top: 2px solid var(--grey); margin-right: 7px; vertical-align: 4px; }
.key.limit { border-top: 2px dashed var(--green); }
.times { display: flex; justify-content: space-between; font-size: 12px; margin: 8px 0 10px 30px; }
@media (max-width: 520px) { .chart svg { height: 170px; } .marks { height: 186px; } }
`;
