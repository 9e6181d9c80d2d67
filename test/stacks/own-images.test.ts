import { registryOf } from '../../core/kube/image';
import { registry } from '../../stacks/option-fields';
import { imageFor, OWN_IMAGES, ownImage } from '../../stacks/own-images';

describe("images of the project's own", () => {
  it('go to a registry under their own names', () => {
    expect(ownImage('backend', 'registry.example.com:5000/team')).toEqual({
      name: 'backend',
      reference: `registry.example.com:5000/team/${OWN_IMAGES.backend.reference}`,
      build: 'apps/backend',
    });
  });

  it('keep their names where there is no registry', () => {
    const { reference } = OWN_IMAGES.backend;
    expect(ownImage('backend', '')).toEqual(imageFor('backend', reference));
  });
});

describe('a registry', () => {
  it.each([
    '',
    'ghcr.io',
    'localhost:5000',
    'localhost',
    'registry:5000/a/b',
    '123.dkr.ecr.eu-west-1.amazonaws.com/team',
  ])('can be "%s"', (text) => {
    expect(registry().parse(text)).toBe(text);
    if (text !== '') expect(registryOf(ownImage('backend', text).reference)).toBe(text.split('/')[0]);
  });

  it.each(['https://ghcr.io', 'ghcr.io/', 'team', 'team/images', 'ghcr.io//a', 'ghcr.io/a b', 'a:b'])(
    'cannot be "%s"',
    (text) => {
      expect(registry().safeParse(text).error?.issues[0]?.message).toContain('write HOST[:PORT][/PATH]');
    },
  );
});
