import { Script } from 'node:vm';
import { z } from 'zod';
import type { Timeline } from '../../core/model';
import { htmlReport } from '../../report';
import { broken, settled } from './fixture';

const page = htmlReport(settled);

/** Contents of the elements of a name whose start tag has given attributes. */
function contents(html: string, element: string, attributes = ''): string[] {
  return [...html.matchAll(new RegExp(`<${element}${attributes}>(.*?)</${element}>`, 'gs'))].map(
    ([, text = '']) => text,
  );
}

const pageCharts = z.array(
  z.object({
    title: z.string(),
    summary: z.string(),
    seconds: z.array(z.number()),
    lines: z.array(z.object({ values: z.array(z.number().nullable()) })),
  }),
);

function chartsOf(html: string): z.infer<typeof pageCharts> {
  const text = contents(html, 'script', ' type="application/json" id="charts"')[0] ?? '';
  return pageCharts.parse(JSON.parse(text));
}

describe('the report as a page', () => {
  it('asks no network for anything', () => {
    const loaded = page.match(/(src|href|action|srcset)\s*=|@import|url\(|fetch\(|XMLHttpRequest|import\(/g);
    expect(loaded).toBeNull();
    // The one address is in the comment that names uPlot's licence.
    expect(page.match(/https?:\/\/[^\s"'<)]+/g)).toEqual(['https://github.com/leeoniya/uPlot']);
    expect(page).toMatch(/\/\*! https:\/\/github\.com\/leeoniya\/uPlot /);
  });

  it('has scripts that parse', () => {
    const scripts = contents(page, 'script');
    expect(scripts).toHaveLength(2);
    for (const source of scripts) expect(() => new Script(source)).not.toThrow();
  });

  it('has a chart of replicas and one per metric for each autoscaler, and one per load', () => {
    expect(chartsOf(page)).toMatchObject([
      { title: 'replicas' },
      { title: 'pods metric http_requests_per_second, average per pod' },
      { title: 'replicas' },
      { title: 'pods metric http_requests_per_second, average per pod' },
      { title: 'load-test/load-test-1 → backend/backend-1:8080, requests/s' },
      { title: 'load-test/load-test-2 → backend/backend-2:8080, requests/s' },
    ]);
    expect(page.match(/data-chart="\d+"/g)).toHaveLength(6);
  });

  it('gives every line of a chart a value per moment, and every chart a sentence', () => {
    for (const { seconds, summary, lines } of chartsOf(page)) {
      expect(summary).toMatch(/^At the end .*\.$/);
      for (const { values } of lines) expect(values).toHaveLength(seconds.length);
    }
  });

  it("holds the controller's words, the expectations and the verdict without its script", () => {
    const text = page.replaceAll(/<(script|style)[^>]*>.*?<\/\1>/gs, '');
    expect(text).toContain('New size: 5; reason: pods metric http_requests_per_second above target');
    expect(text).toContain('backend/backend-2: 5 replicas at 10m');
    expect(text).toContain('✓ all 2 expectations met');
  });

  it('tells which links did not carry', () => {
    const text = htmlReport(broken);
    expect(text).toContain('Links that did not carry to the end');
    expect(text).toContain('no NetworkPolicy allows TCP 9965 from cilium-monitoring/prometheus');
    expect(text).toContain('✗ 1 of 1 expectations missed');
  });

  it('escapes whatever it is told', () => {
    const hostile = `</script><img src=x onerror="alert('1')">&`;
    const said: Timeline = {
      ...broken,
      name: hostile,
      cluster: hostile,
      loads: settled.loads.map((load) => ({ ...load, name: hostile })),
      problems: broken.problems.map((problem) => ({ ...problem, message: hostile })),
      outcomes: [{ expectation: hostile, met: false, actual: hostile }],
    };
    const text = htmlReport(said);
    expect(text).not.toContain('<img');
    expect(text).toContain('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;');
    expect(chartsOf(text).filter(({ title }) => title.startsWith(hostile))).toHaveLength(2);
  });

  it('is the same for equal timelines', () => {
    expect(htmlReport(structuredClone(settled))).toBe(page);
  });
});
