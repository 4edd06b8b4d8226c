import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { at, createHub, event, following, HandBroker, request, TestReceiver } from './hub-support.ts';

/** One follows a topic, and two joins it; `answer` is then asked what two reads. */
async function joining() {
  const setup = await following();
  const two = new TestReceiver('two');
  const join = (askAgain?: () => Promise<void> | null): Promise<void> =>
    setup.hub.join('topic', askAgain === undefined ? request : { ...request, askAgain }, two, () => {
      two.texts.push('joined');
    });
  return { ...setup, two, join };
}

it('tells a newcomer nothing of a hole that only the others have', async () => {
  const { one, two, join, deliver, answer } = await joining();
  deliver(event(1));
  const joined = join();
  await settled();
  await answer({ position: at(4), events: [event(3), event(4)], complete: true });
  await joined;
  // 2 was lost on its way, and the log does not keep it.
  deliver(event(3), event(4));
  await answer({ position: at(4), events: [], complete: false });
  deliver(event(5));

  expect(one.texts).toEqual(['[35,1,1,1,1]', '[37,1,["e",2,2],1]', '[35,1,3,3,3]', '[35,1,4,4,4]', '[35,1,5,5,5]']);
  expect(two.texts).toEqual(['joined', '[35,1,3,3,3]', '[35,1,4,4,4]', '[35,1,5,5,5]']);
});

it('tells a newcomer when the log has gone back since it read', async () => {
  const { one, two, join, deliver, answer } = await joining();
  deliver(event(1));
  const joined = join();
  await settled();
  await answer({ position: at(3), events: [event(2), event(3)], complete: true });
  await joined;
  await answer({ position: at(2), events: [event(2)], complete: true });
  deliver(event(3, { tag: 33 }));

  expect(two.texts.slice(3)).toEqual(['[37,1,["e",2,2]]', '[35,1,3,33,3]']);
  expect(one.texts).toEqual(['[35,1,1,1,1]', '[35,1,2,2,2]', '[35,1,3,33,3]']);
});

it('tells a newcomer when what it read was of a log that went on differently', async () => {
  const { two, join, deliver, answer } = await joining();
  deliver(event(1));
  const joined = join();
  await settled();
  await answer({ position: at(3), events: [event(2), event(3)], complete: true });
  await joined;
  await answer(new Error('the broker is down'));
  deliver(event(2), event(3, { tag: 33 }), event(4, { tag: 44, previousTag: 33 }));

  expect(two.texts.slice(3)).toEqual(['[37,1,["e",2,2]]', '[35,1,3,33,3]', '[35,1,4,44,4]']);
});

it('says nothing twice to the only one there, though the broker is late and cannot be read', async () => {
  const { hub, broker, deliver, answer } = await following([]);
  const one = new TestReceiver('one');
  const joined = hub.join('topic', request, one, () => {});
  broker.subscribed.at(-1)?.();
  await settled();
  await answer({ position: at(2), events: [event(1), event(2)], complete: true });
  await joined;
  one.take();
  for (const late of [event(1), event(2), event(3)]) broker.listeners.at(-1)?.event(late);
  for (const read of broker.reads.splice(0)) read(new Error('the broker is down'));
  await settled();
  deliver();

  expect(one.texts).toEqual(['[35,1,3,3,3]']);
});

it('lets nobody in whose right was taken while the past was read', async () => {
  const { hub, two, join, answer } = await joining();
  const joined = join(() => Promise.reject(new Error('not any more')));
  joined.catch(() => {});
  await settled();
  await answer({ position: at(1), events: [event(1)], complete: true });

  await expect(joined).rejects.toThrow('not any more');
  expect(two.texts).toEqual([]);
  expect(hub.size).toBe(1);
});

it('reads again for whom the rule was asked again, so that nothing is missing', async () => {
  const { two, join, deliver, answer } = await joining();
  let asked = 0;
  let allow = (): void => {};
  const joined = join(() => {
    if (asked++ > 0) return null;
    return new Promise((resolve) => {
      allow = resolve;
    });
  });
  await settled();
  await answer({ position: at(1), events: [event(1)], complete: true });
  deliver(event(1), event(2));
  allow();
  await settled();
  await answer({ position: at(2), events: [event(1), event(2)], complete: true });
  await joined;

  expect(two.texts).toEqual(['joined', '[35,1,1,1,1]', '[35,1,2,2,2]']);
});

it('gives a newcomer nothing twice when it has found a new log of which the others hear later', async () => {
  const { one, two, join, deliver, answer } = await joining();
  deliver(event(1));
  const joined = join();
  const found = { position: at(2, 'f'), events: [event(1, { epoch: 'f' }), event(2, { epoch: 'f' })], complete: true };
  for (let reads = 1; reads <= 3; reads++) {
    await settled();
    await answer(found);
    // The topic cannot be brought there.
    if (reads < 3) await answer(new Error('the broker is down'));
  }
  await joined;
  deliver(event(1, { epoch: 'f' }), event(2, { epoch: 'f' }));
  await answer({ ...found, events: [], complete: false });
  deliver(event(3, { epoch: 'f' }));

  expect(two.texts).toEqual(['joined', '[35,1,1,1,1]', '[35,1,2,2,2]', '[35,1,3,3,3]']);
  expect(one.texts.slice(1)).toEqual(['[37,1,["f",0,0]]', '[35,1,1,1,1]', '[35,1,2,2,2]', '[35,1,3,3,3]']);
});

it('gives one that returns over a gap nothing again that is told late of what it had', async () => {
  const broker = new HandBroker();
  const one = new TestReceiver();
  const back = { position: at(3), rewind: 0 };
  const joined = createHub(broker).join('topic', back, one, ({ outcome, position }) => {
    one.texts.push(`${outcome} ${position.offset}`);
  });
  for (const offset of [2, 3, 4, 5]) broker.listeners[0]?.event(event(offset));
  broker.subscribed[0]?.();
  await settled();
  broker.reads.shift()?.({ position: at(5), events: [], complete: false });
  await settled();
  broker.reads.shift()?.({ position: at(5), events: [event(5)], complete: true });
  await joined;

  expect(one.texts).toEqual(['gap 3', '[35,1,4,4,4]', '[35,1,5,5,5]']);
});
