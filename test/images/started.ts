import { version } from '../../package.json';
import { Container } from './container';

const running = new Set<Container>();

/** Reference of an image that was built before the tests. */
export function image(name: string): string {
  return `localhost/plimsoll/${name}:${version}`;
}

/** A container that ends with the test that starts it. */
export function start(...props: ConstructorParameters<typeof Container>): Container {
  const container = new Container(...props);
  running.add(container);
  return container;
}

afterEach(async () => {
  await Promise.all([...running].map((container) => container.remove()));
  running.clear();
});
