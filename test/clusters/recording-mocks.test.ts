import * as pulumi from '@pulumi/pulumi';
import * as random from '@pulumi/random';
import { readOutput, recordingMocks, UNKNOWN } from './support/recording-mocks';

class Group extends pulumi.ComponentResource {
  constructor(name: string, args: pulumi.Inputs = {}) {
    super('test:index:Group', name, args);
    this.registerOutputs({ plain: 'a', hidden: pulumi.secret('b') });
  }
}

describe('recording mocks', () => {
  it('record what plain mocks hide: parents, dependencies and options', async () => {
    const recording = recordingMocks();
    const group = new Group('group');
    const first = new random.RandomPet('first', { length: 2 }, { parent: group, protect: true });
    new random.RandomPet(
      'second',
      { prefix: first.id, length: 3 },
      {
        parent: group,
        dependsOn: [first],
        ...{ deletedWith: first, ignoreChanges: ['length'], replaceOnChanges: ['prefix'] },
        ...{ retainOnDelete: true, customTimeouts: { create: '5m' } },
      },
    );
    await recording.settled();

    expect(recording.registrations.map(({ name }) => name)).toEqual(['group', 'first', 'second']);
    expect(recording.one('first')).toMatchObject({ protect: true, parent: { name: 'group' } });
    expect(recording.one('second')).toMatchObject({
      type: 'random:index/randomPet:RandomPet',
      inputs: { prefix: 'first-id', length: 3 },
      dependencies: [{ name: 'first' }],
      propertyDependencies: { prefix: [{ name: 'first' }] },
      ...{ deletedWith: { name: 'first' }, ignoreChanges: ['length'], replaceOnChanges: ['prefix'] },
      ...{ retainOnDelete: true, customTimeouts: { create: '5m' }, provider: undefined },
    });
  });

  it('unwrap secrets and say where they were', async () => {
    const recording = recordingMocks();
    new Group('group', { list: [{ token: pulumi.secret('hidden') }], open: 1 });
    await recording.settled();
    const group = recording.one('group', 'test:index:Group');
    expect(group.inputs).toEqual({ list: [{ token: 'hidden' }], open: 1 });
    expect(group.secrets).toEqual(['list[0].token']);
    expect(group.outputs).toEqual({ plain: 'a', hidden: 'b' });
    expect(group.secretOutputs).toEqual(['hidden']);
  });

  it('know no IDs in a preview, and what follows from them neither', async () => {
    const recording = recordingMocks({ preview: true });
    const first = new random.RandomPet('first', { length: 2 });
    new random.RandomPet('second', { prefix: first.id });
    await recording.settled();
    expect(recording.one('second')).toMatchObject({ inputs: { prefix: UNKNOWN }, unknowns: ['prefix'] });
    expect(await readOutput(first.id)).toMatchObject({ known: false, secret: false });
    expect(await readOutput(first.length)).toMatchObject({ known: true, value: 2 });
  });

  it('give what a provider is said to give', async () => {
    const recording = recordingMocks({
      newResource: ({ type }) =>
        type === 'random:index/randomPet:RandomPet'
          ? { id: 'happy-cat', state: { separator: '_' } }
          : undefined,
      call: ({ inputs }) => ({ answer: `to ${String(inputs['question'])}` }),
    });
    const pet = new random.RandomPet('pet', {});
    const called = pulumi.runtime.invokeOutput<{ answer: string }>(
      'test:index:ask',
      { question: pet.id },
      {},
    );
    expect(await readOutput([pet.id, pulumi.secret(pet.separator), called.answer])).toMatchObject({
      value: ['happy-cat', '_', 'to happy-cat'],
      secrets: ['[1]'],
      secret: true,
    });
    expect(recording.calls).toEqual([{ token: 'test:index:ask', inputs: { question: 'happy-cat' } }]);
  });

  it('record what is looked up, and with which provider', async () => {
    const recording = recordingMocks();
    const provider = new random.Provider('explicit');
    random.RandomPet.get('there', 'brown-dog', {}, { provider });
    await recording.settled();
    expect(recording.one('there')).toMatchObject({
      ...{
        read: true,
        importId: 'brown-dog',
        provider: { name: 'explicit', type: 'pulumi:providers:random' },
      },
    });
  });

  it('list what is there when a resource is asked for that is not', async () => {
    const recording = recordingMocks();
    new random.RandomPet('pet', {});
    await recording.settled();
    expect(() => recording.one('dog')).toThrow('random:index/randomPet:RandomPet pet');
    expect(recording.ofType('random:index/randomPet:RandomPet')).toHaveLength(1);
  });
});
