import { settled } from '@typewire/testing';
import { expect, it } from 'vitest';
import { at, event, following, request, TestReceiver } from './hub-support.ts';

it('reads what the broker skipped and delivers it in its place', async () => {
  const { one, broker, deliver, answer } = await following();
  deliver(event(1), event(4));
  deliver(event(5));
  expect(one.take()).toEqual(['[35,1,1,1,1]']);
  expect(broker.requests).toEqual([{ type: 'since', position: at(1) }]);

  await answer({ position: at(4), events: [event(2), event(3), event(4)], complete: true });

  expect(one.take()).toEqual(['[35,1,2,2,2]', '[35,1,3,3,3]', '[35,1,4,4,4]', '[35,1,5,5,5]']);
});

it('says nothing twice', async () => {
  const { one, broker, deliver } = await following();
  deliver(event(1), event(1));

  expect(one.texts).toEqual(['[35,1,1,1,1]']);
  expect(broker.requests).toEqual([]);
});

it('tells of a gap, and how large it is, when what was skipped is not kept', async () => {
  const { one, deliver, answer } = await following();
  deliver(event(1), event(4));
  await answer({ position: at(4), events: [], complete: false });

  expect(one.texts).toEqual(['[35,1,1,1,1]', '[37,1,["e",3,3],2]', '[35,1,4,4,4]']);
});

it('tells of a gap without a number when the log begins anew', async () => {
  const { one, deliver, answer } = await following();
  deliver(event(1), event(2), event(1, { epoch: 'f' }), event(2, { epoch: 'f' }));
  await answer({ position: at(1, 'f'), events: [], complete: false });

  expect(one.texts).toEqual(['[35,1,1,1,1]', '[35,1,2,2,2]', '[37,1,["f",0,0]]', '[35,1,1,1,1]', '[35,1,2,2,2]']);
});

it('recognises by the tag a log that lost its end and went on differently to the same offset', async () => {
  const { one, deliver, answer } = await following();
  deliver(event(1), event(2), event(3, { tag: 33, previousTag: 22 }));
  await answer({ position: at(3, 'e', 33), events: [], complete: false });

  expect(one.texts).toEqual(['[35,1,1,1,1]', '[35,1,2,2,2]', '[37,1,["e",2,22]]', '[35,1,3,33,3]']);
});

it('recognises a log that was rolled back by an event with an offset it has had', async () => {
  const { one, deliver, answer } = await following();
  deliver(event(1), event(2), event(3), event(2, { tag: 22 }));
  await answer({ position: at(2, 'e', 22), events: [], complete: false });

  expect(one.texts.slice(3)).toEqual(['[37,1,["e",1,1]]', '[35,1,2,22,2]']);
});

it('drops an event that comes late, behind the read that brought it', async () => {
  const { one, broker, deliver, answer } = await following();
  deliver(event(1), event(4));
  await answer({ position: at(5), events: [event(2), event(3), event(4), event(5)], complete: true });
  one.take();

  deliver(event(5), event(6));
  expect(one.take()).toEqual(['[35,1,6,6,6]']);
  deliver(event(4));

  expect(broker.requests).toHaveLength(1);
  expect(one.take()).toEqual([]);
});

it('gives nothing twice that a read had brought before it was told, though the log has lost its end since', async () => {
  const { one, broker, deliver, answer } = await following();
  deliver(event(1), event(3));
  await answer({ position: at(6), events: [2, 3, 4, 5, 6].map((offset) => event(offset)), complete: true });
  expect(one.take()).toHaveLength(6);

  broker.listeners[0]?.interrupted();
  broker.asked[0]?.(at(3, 'e', 33));
  await settled();
  deliver(event(4));
  await answer({ position: at(3, 'e', 33), events: [], complete: false });
  deliver(event(4, { tag: 44, previousTag: 33 }));

  expect(one.take()).toEqual(['[37,1,["e",3,33]]', '[35,1,4,44,4]']);
});

it('reads again when more was lost while it read', async () => {
  const { one, deliver, answer } = await following();
  deliver(event(2), event(4));
  await answer({ position: at(2), events: [event(1), event(2)], complete: true });
  await answer({ position: at(4), events: [event(3), event(4)], complete: true });

  expect(one.texts).toEqual(['[35,1,1,1,1]', '[35,1,2,2,2]', '[35,1,3,3,3]', '[35,1,4,4,4]']);
});

it('gives up on a log that shows nothing of what it told of', async () => {
  const { one, broker, deliver, answer } = await following();
  deliver(event(1), event(3));
  await answer({ position: at(1), events: [], complete: true });

  expect(one.texts).toEqual(['[35,1,1,1,1]', '[37,1,["e",2,2],1]', '[35,1,3,3,3]']);
  expect(broker.reads).toEqual([]);
});

it('tells of a gap rather than nothing more when the log cannot be read', async () => {
  const { one, deliver, answer } = await following();
  deliver(event(1), event(3));
  await answer(new Error('the broker is down'));
  deliver(event(4));

  expect(one.texts).toEqual(['[35,1,1,1,1]', '[37,1,["e",2,2],1]', '[35,1,3,3,3]', '[35,1,4,4,4]']);
});

it('brings the others to where a newcomer found the log', async () => {
  const { hub, broker, one, deliver, answer } = await following();
  deliver(event(1));
  const two = new TestReceiver('two');
  const joined = hub.join('topic', request, two, ({ position }) => void two.texts.push(`joined ${position.offset}`));
  await settled();
  await answer({ position: at(3), events: [event(2), event(3)], complete: true });
  await joined;
  expect(two.texts).toEqual(['joined 1', '[35,1,2,2,2]', '[35,1,3,3,3]']);
  expect(broker.requests.at(-1)).toEqual({ type: 'since', position: at(1) });

  await answer({ position: at(3), events: [event(2), event(3)], complete: true });

  expect(one.texts).toEqual(['[35,1,1,1,1]', '[35,1,2,2,2]', '[35,1,3,3,3]']);
});

it('makes no gap of what was told while the log was asked, though the log does not keep it', async () => {
  const { hub, one, deliver, answer } = await following();
  deliver(event(1));
  const two = new TestReceiver('two');
  const joined = hub.join('topic', request, two, () => {});
  await settled();
  // Read before the others were told of it, and already forgotten but for the last.
  await answer({ position: at(3), events: [event(3)], complete: true });
  await joined;
  deliver(event(2), event(3), event(4));
  await answer({ position: at(4), events: [], complete: false });

  expect(one.texts).toEqual(['[35,1,1,1,1]', '[35,1,2,2,2]', '[35,1,3,3,3]', '[35,1,4,4,4]']);
  expect(two.texts.filter((text) => text.startsWith('[37'))).toEqual([]);
});

it('gives a newcomer nothing twice when the others follow a log that has lost its end', async () => {
  const { hub, one, deliver, answer } = await following();
  deliver(event(1), event(2), event(3));
  const two = new TestReceiver('two');
  const joined = hub.join('topic', request, two, () => void two.texts.push('joined'));
  await settled();
  const log = { position: at(2, 'e', 22), events: [event(1), event(2, { tag: 22 })], complete: true };
  await answer(log);
  // The topic stands where that log has never been: the log is asked what lies behind.
  await answer({ ...log, events: [], complete: false });
  expect(one.texts.slice(3)).toEqual(['[37,1,["e",2,22]]']);
  await answer(log);
  await joined;
  deliver(event(3, { tag: 33, previousTag: 22 }));

  expect(two.texts).toEqual(['joined', '[35,1,1,1,1]', '[35,1,2,22,2]', '[35,1,3,33,3]']);
  expect(one.texts.slice(4)).toEqual(['[35,1,3,33,3]']);
});

it('gives a newcomer nothing twice that was read, when others were told late of a log that has lost its end', async () => {
  const { hub, one, deliver, answer } = await following();
  deliver(event(1));
  const two = new TestReceiver('two');
  const joined = hub.join('topic', request, two, () => void two.texts.push('joined'));
  await settled();
  deliver(event(2), event(3));
  const log = { position: at(2, 'e', 22), events: [event(1), event(2, { tag: 22 })], complete: true };
  await answer(log);
  // What was told is not behind what was read.
  await answer({ ...log, events: [], complete: false });
  await answer(log);
  await joined;
  deliver(event(2, { tag: 22 }), event(3, { tag: 33, previousTag: 22 }));

  expect(two.texts).toEqual(['joined', '[35,1,1,1,1]', '[35,1,2,22,2]', '[35,1,3,33,3]']);
  expect(one.texts.slice(3)).toEqual(['[37,1,["e",2,22]]', '[35,1,3,33,3]']);
});
