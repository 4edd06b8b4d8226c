import { expect, it } from 'vitest';
import { ProtocolError } from '../../src/errors.ts';
import { DeliveryLog, deliveryDefaults } from '../../src/session/delivery-log.ts';

const small = { ...deliveryDefaults, maxMessages: 3, maxSize: 30, ackMessages: 4, ackSize: 100 };

function recorded(...texts: string[]): DeliveryLog {
  const log = new DeliveryLog(small);
  for (const text of texts) log.record(text);
  return log;
}

it('gives what the peer has not received, in order', () => {
  const log = recorded('a', 'b', 'c');
  expect(log.after(0)).toEqual(['a', 'b', 'c']);
  expect(log.after(2)).toEqual(['c']);
  expect(log.after(3)).toEqual([]);
});

it('keeps bytes as they are, and counts them', () => {
  const log = new DeliveryLog(small);
  const bytes = new Uint8Array(20);
  log.record(bytes);
  expect(log.after(0)).toEqual([bytes]);
  expect(log.size).toBe(20);
  log.record('eleven more');
  expect(log.isWhole).toBe(false);
});

it('keeps what is not confirmed, and lets go of what is', () => {
  const log = recorded('aa', 'bb', 'cc');
  log.confirm(2);
  expect(log.size).toBe(2);
  expect(log.after(2)).toEqual(['cc']);
  expect(log.after(1)).toBeNull();
});

it.each<[string, string[]]>([
  ['number', ['a', 'b', 'c', 'd']],
  ['size', ['x'.repeat(20), 'y'.repeat(20)]],
])('is no longer whole above its bound of %s, and recovers with a confirmation', (_name, texts) => {
  const log = recorded(...texts);
  expect(log.isWhole).toBe(false);
  expect(log.after(0)).toBeNull();
  expect(log.after(texts.length - 1)).toEqual([texts.at(-1)]);
  log.confirm(texts.length);
  expect(log.isWhole).toBe(true);
});

it('never gives part of what is missing', () => {
  const log = recorded('a', 'b', 'c', 'd', 'e');
  expect(log.after(1)).toBeNull();
  expect(log.after(2)).toEqual(['c', 'd', 'e']);
});

it.each([-1, 4, 1.5, Number.NaN])('has nothing for a peer that says it received %d', (count) => {
  expect(recorded('a', 'b', 'c').after(count)).toBeNull();
});

it('refuses a confirmation of more than was sent, and one that falls', () => {
  const log = recorded('a', 'b', 'c');
  log.confirm(2);
  expect(() => log.confirm(4)).toThrow(ProtocolError);
  expect(() => log.confirm(1)).toThrow(ProtocolError);
});

it('asks for a confirmation after a number, a size or a time', () => {
  const log = new DeliveryLog(small);
  expect(log.ackBy).toBe(Number.POSITIVE_INFINITY);
  expect([1, 1, 1, 1].map((size) => log.receive(size, 5_000))).toEqual([false, false, false, true]);
  expect(log.ackBy).toBe(6_000);
  expect(log.takeAck()).toBe(4);
  expect(log.ackBy).toBe(Number.POSITIVE_INFINITY);
  expect(log.receive(100, 9_000)).toBe(true);
});

it('stays exact over many messages', () => {
  const log = new DeliveryLog(deliveryDefaults);
  for (let index = 0; index < 10_000; index++) {
    log.record(String(index));
    if (index % 50 === 49) log.confirm(index - 20);
  }
  expect(log.after(9_990)).toEqual(['9990', '9991', '9992', '9993', '9994', '9995', '9996', '9997', '9998', '9999']);
});

it('keeps a batch as the text it left as, until all of it is confirmed', () => {
  const log = new DeliveryLog();
  log.record('[[19,1],[19,2],[19,3]]', 3);
  log.record('[19,4]');
  expect(log.after(0)).toEqual(['[[19,1],[19,2],[19,3]]', '[19,4]']);
  log.confirm(2);
  expect(log.isWhole).toBe(true);
  expect(log.after(2)).toEqual(['[19,3]', '[19,4]']);
  expect(log.after(3)).toEqual(['[19,4]']);
  log.confirm(3);
  expect(log.size).toBe('[19,4]'.length);
  expect(log.after(3)).toEqual(['[19,4]']);
  expect(log.after(2)).toBeNull();
});

it('keeps as many as it says though a batch before them is confirmed in part', () => {
  const log = new DeliveryLog(small);
  log.record('[[19],[19]]', 2);
  log.confirm(1);
  log.record('[20]');
  log.record('[21]');
  expect(log.isWhole).toBe(true);
  expect(log.after(1)).toEqual(['[19]', '[20]', '[21]']);
  log.record('[22]');
  expect(log.isWhole).toBe(false);
});

it('gives a batch up as a whole when there is more than it keeps', () => {
  const log = new DeliveryLog(small);
  log.record('[[19],[19]]', 2);
  log.record('[[19],[19]]', 2);
  expect(log.isWhole).toBe(false);
  expect(log.after(1)).toBeNull();
  expect(log.after(2)).toEqual(['[[19],[19]]']);
});
