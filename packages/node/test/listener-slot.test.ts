import { expect, it } from 'vitest';
import { ListenerSlot } from '../src/listener-slot.ts';

it('is the listener itself while there is one', () => {
  const slot = new ListenerSlot<number>();
  const listener = (): void => {};
  const remove = slot.add(listener);
  expect(slot.emit).toBe(listener);
  remove();
  expect(slot.emit).not.toBe(listener);
  slot.emit(1);
});

it('calls listeners in the order in which they came', () => {
  const slot = new ListenerSlot<string>();
  const heard: string[] = [];
  slot.add((value) => heard.push(`1${value}`));
  const remove = slot.add((value) => heard.push(`2${value}`));
  slot.add((value) => heard.push(`3${value}`));
  slot.emit('a');
  remove();
  remove();
  slot.emit('b');
  expect(heard).toEqual(['1a', '2a', '3a', '1b', '3b']);
});

it('takes the same listener twice, and each removal removes its own', () => {
  const slot = new ListenerSlot<void>();
  let calls = 0;
  const listener = (): void => {
    calls += 1;
  };
  const removeFirst = slot.add(listener);
  const removeSecond = slot.add(listener);
  slot.emit();
  removeFirst();
  removeFirst();
  slot.emit();
  expect(calls).toBe(3);
  removeSecond();
  slot.emit();
  expect(calls).toBe(3);
});

it('finishes a round with the listeners it began with', () => {
  const slot = new ListenerSlot<void>();
  const heard: string[] = [];
  const remove = slot.add(() => {
    heard.push('first');
    remove();
    slot.add(() => heard.push('late'));
  });
  slot.add(() => heard.push('second'));
  slot.emit();
  expect(heard).toEqual(['first', 'second']);
});
