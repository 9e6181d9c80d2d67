/**
 * The page's own script. It draws the charts that the page's JSON describes, with uPlot, which the page defines before.
 * Cursors of all charts move together; colours follow the reader's scheme as it changes.
 */
export const PAGE_SCRIPT = String.raw`
'use strict';
(() => {
  const charts = JSON.parse(document.getElementById('charts').textContent);
  const looks = {
    value: ['--orange', 2], target: ['--grey', 1.5, [6, 4]], desired: ['--blue', 2],
    pods: ['--grey', 1.5, [5, 4]], ready: ['--green', 1.5, [2, 3]],
    sent: ['--blue', 2], served: ['--green', 1.5, [5, 4]],
  };
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const duration = (seconds) => {
    if (seconds === 0) return '0s';
    const parts = [['h', 3600], ['m', 60], ['s', 1]];
    let rest = Math.round(seconds);
    return parts.map(([unit, size]) => {
      const count = Math.floor(rest / size);
      rest -= count * size;
      return count > 0 ? count + unit : '';
    }).join('');
  };
  const number = (value) => value === null || value === undefined ? '–' : String(Number(value.toPrecision(4)));
  const axis = (more) => ({
    stroke: () => color('--muted'), font: '12px system-ui, sans-serif',
    grid: { stroke: () => color('--grid'), width: 1 }, ticks: { show: false }, ...more,
  });
  const wholeSteps = [0, 1, 2, 3, 4, 5].flatMap((power) => [1, 2, 5].map((factor) => factor * 10 ** power));
  // Where no cursor points, the legend tells the values at the end.
  const showEnd = (plot) => plot.setLegend({ idx: plot.data[0].length - 1 }, false);
  const stepped = uPlot.paths.stepped({ align: 1 });
  const line = ({ label, line: role, step }) => {
    const [name, width, dash] = looks[role];
    return {
      label, width, stroke: () => color(name), points: { show: false },
      value: (plot, value) => number(value), ...(dash ? { dash } : {}), ...(step ? { paths: stepped } : {}),
    };
  };
  const plots = [];
  const draw = (box) => {
    const { seconds, lines, endSeconds, whole } = charts[Number(box.dataset.chart)];
    const plot = new uPlot({
      width: box.clientWidth, height: 210,
      cursor: { sync: { key: 'time' }, points: { size: 6 } },
      legend: { markers: { dash: (plot, index) => (plot.series[index].dash ? 'dashed' : 'solid') } },
      hooks: {
        ready: [showEnd],
        setCursor: [(plot) => { if (!(plot.cursor.left >= 0)) showEnd(plot); }],
      },
      scales: {
        x: { time: false, range: [0, endSeconds] },
        y: { range: (self, least, most) => [0, Math.max(1, most) * 1.08] },
      },
      axes: [
        axis({ values: (self, marks) => marks.map(duration), space: 70, size: 30,
          incrs: [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400] }),
        axis({ size: 46, values: (self, marks) => marks.map(number), ...(whole ? { incrs: wholeSteps } : {}) }),
      ],
      series: [{ label: 'at', value: (self, value) => value === null ? '–' : duration(value) }, ...lines.map(line)],
    }, [seconds, ...lines.map(({ values }) => values)], box);
    new ResizeObserver(() => {
      if (box.clientWidth > 0 && box.clientWidth !== plot.width) plot.setSize({ width: box.clientWidth, height: 210 });
    }).observe(box);
    plots.push(plot);
  };
  // The charts of an ordinary page are drawn at once; of hundreds, those further down when they come near or are printed.
  const waiting = new Set(document.querySelectorAll('[data-chart]'));
  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) show(target);
  }, { rootMargin: '600px' });
  const show = (box) => {
    if (!waiting.delete(box)) return;
    seen.unobserve(box);
    draw(box);
  };
  [...waiting].forEach((box, index) => (index < 24 ? show(box) : seen.observe(box)));
  addEventListener('beforeprint', () => waiting.forEach(show));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    for (const plot of plots) plot.redraw(false, true);
  });
})();
`;
