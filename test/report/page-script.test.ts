import { runInNewContext } from 'node:vm';
import { PAGE_SCRIPT } from '../../report/page-script';

interface Box {
  readonly dataset: { readonly chart: string };
  readonly clientWidth: number;
}

/** Runs the page's script on a page of so many charts; tells which are drawn, and how to make others so. */
function pageOf(count: number) {
  const chart = { seconds: [0, 60], endSeconds: 60, whole: true, lines: [] };
  const boxes = Array.from({ length: count }, (_, index): Box => ({
    dataset: { chart: String(index) },
    clientWidth: 400,
  }));
  const drawn: string[] = [];
  const observed = new Set<Box>();
  const listeners = new Map<string, () => void>();
  let seen: (entries: readonly { readonly isIntersecting: boolean; readonly target: Box }[]) => void = () =>
    undefined;
  class Plot {
    static readonly paths = { stepped: () => undefined };
    constructor(_options: unknown, _data: unknown, box: Box) {
      drawn.push(box.dataset.chart);
    }
  }
  runInNewContext(PAGE_SCRIPT, {
    document: {
      getElementById: () => ({ textContent: JSON.stringify(boxes.map(() => chart)) }),
      querySelectorAll: () => boxes,
    },
    uPlot: Plot,
    ResizeObserver: class {
      observe = () => undefined;
    },
    IntersectionObserver: class {
      constructor(callback: typeof seen) {
        seen = callback;
      }
      observe = (box: Box) => void observed.add(box);
      unobserve = (box: Box) => void observed.delete(box);
    },
    addEventListener: (name: string, listener: () => void) => void listeners.set(name, listener),
    matchMedia: () => ({ addEventListener: () => undefined }),
  });
  return {
    drawn,
    waiting: () => observed.size,
    scrollTo: (index: number) =>
      boxes.slice(index, index + 1).forEach((target) => seen([{ isIntersecting: true, target }])),
    print: () => listeners.get('beforeprint')?.(),
  };
}

describe("the page's script", () => {
  it('draws the charts of an ordinary page at once', () => {
    const { drawn, waiting } = pageOf(6);
    expect(drawn).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(waiting()).toBe(0);
  });

  it('draws the many charts of a long page when they come near, each once', () => {
    const page = pageOf(200);
    const first = page.drawn.length;
    expect(first).toBeLessThan(50);
    expect(first + page.waiting()).toBe(200);
    page.scrollTo(150);
    page.scrollTo(150);
    expect(page.drawn.slice(first)).toEqual(['150']);
  });

  it('draws what is left before the page is printed', () => {
    const page = pageOf(200);
    page.print();
    expect(new Set(page.drawn).size).toBe(200);
    expect(page.drawn).toHaveLength(200);
    expect(page.waiting()).toBe(0);
  });
});
