import { runInNewContext } from 'node:vm';
import { LIVE_SCRIPT } from '../../../apps/page/live-script';

interface Answer {
  readonly ok: boolean;
  readonly main: string;
}

/** What the script sees of a browser: one page that is asked for again, and a clock that is moved by hand. */
class Browser {
  shown = 'first';
  hidden = false;
  asked = 0;
  private answer: Answer | undefined;
  private readonly classes = new Set<string>();
  private readonly timers: { readonly ms: number; readonly run: () => Promise<void> }[] = [];
  private wake: () => Promise<void> = () => Promise.resolve();

  constructor() {
    runInNewContext(LIVE_SCRIPT, this.globals());
  }

  get lost(): boolean {
    return this.classes.has('is-lost');
  }

  /** Milliseconds until it asks again; undefined if it does not. */
  get waits(): number | undefined {
    return this.timers[0]?.ms;
  }

  /** What the program answers from now on; undefined if it does not. */
  answers(answer: Answer | undefined): void {
    this.answer = answer;
  }

  async timePasses(): Promise<void> {
    await this.timers.shift()?.run();
  }

  async isShown(): Promise<void> {
    await this.wake();
  }

  private globals() {
    const setTimeout = (run: () => Promise<void>, ms: number) => this.timers.push({ run, ms });
    return {
      document: {
        body: { dataset: { refresh: '5' }, classList: this.classList() },
        isHidden: () => this.hidden,
        get hidden(): boolean {
          return this.isHidden();
        },
        addEventListener: (_name: string, listener: () => Promise<void>) => (this.wake = listener),
        querySelector: () => ({ replaceWith: (main: string) => (this.shown = main) }),
        adoptNode: (main: string) => main,
      },
      DOMParser: class {
        parseFromString = (text: string) => ({ querySelector: () => text });
      },
      fetch: () => this.fetch(),
      location: { href: 'http://page/' },
      AbortSignal,
      setTimeout,
      clearTimeout: () => this.timers.splice(0),
    };
  }

  private classList() {
    return {
      add: (name: string) => this.classes.add(name),
      remove: (name: string) => this.classes.delete(name),
    };
  }

  private fetch() {
    this.asked += 1;
    const { answer } = this;
    if (!answer) return Promise.reject(new Error('refused'));
    return Promise.resolve({
      ...answer,
      status: answer.ok ? 200 : 503,
      text: () => Promise.resolve(answer.main),
    });
  }
}

describe('a page that somebody looks at', () => {
  it('is brought up to date every few seconds', async () => {
    const browser = new Browser();
    expect([browser.shown, browser.waits]).toEqual(['first', 5000]);
    for (const main of ['second', 'third']) {
      browser.answers({ ok: true, main });
      await browser.timePasses();
      expect([browser.shown, browser.lost, browser.waits]).toEqual([main, false, 5000]);
    }
  });

  it.each([
    ['does not answer', undefined],
    ['answers with an error', { ok: false, main: 'error' }],
  ])('says so when the program %s, keeps what it shows, and goes on asking', async (_, answer) => {
    const browser = new Browser();
    browser.answers(answer);
    await browser.timePasses();
    expect([browser.shown, browser.lost, browser.waits]).toEqual(['first', true, 5000]);
    browser.answers({ ok: true, main: 'again' });
    await browser.timePasses();
    expect([browser.shown, browser.lost]).toEqual(['again', false]);
  });

  it('asks for nothing while nobody sees it, and at once when somebody does', async () => {
    const browser = new Browser();
    browser.answers({ ok: true, main: 'second' });
    browser.hidden = true;
    await browser.timePasses();
    expect([browser.asked, browser.waits]).toEqual([0, undefined]);
    browser.hidden = false;
    await browser.isShown();
    expect([browser.asked, browser.shown, browser.waits]).toEqual([1, 'second', 5000]);
  });
});
