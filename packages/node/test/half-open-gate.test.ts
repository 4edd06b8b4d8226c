import { HalfOpenGate } from '@typewire/node';
import { describe, expect, it } from 'vitest';
import { addressKey } from '../src/half-open-gate.ts';

describe('HalfOpenGate', () => {
  it('lets 32 in from one address, and the others all the same', () => {
    const gate = new HalfOpenGate();
    for (let count = 0; count < 32; count++) expect(gate.enter('10.0.0.1')).not.toBeNull();
    expect(gate.enter('10.0.0.1')).toBeNull();
    expect(gate.enter('10.0.0.2')).not.toBeNull();
  });

  it('lets 1,024 in in all', () => {
    const gate = new HalfOpenGate();
    for (let count = 0; count < 1_024; count++) expect(gate.enter(`10.0.${count >> 8}.${count & 255}`)).not.toBeNull();
    expect(gate.enter('192.168.0.1')).toBeNull();
    expect(gate.size).toBe(1_024);
  });

  it('has room again when one leaves, and counts each leaving once', () => {
    const gate = new HalfOpenGate({ maxHalfOpenPerAddress: 1 });
    const leave = gate.enter('10.0.0.1');
    expect(gate.enter('10.0.0.1')).toBeNull();
    leave?.();
    leave?.();
    expect(gate.size).toBe(0);
    expect(gate.enter('10.0.0.1')).not.toBeNull();
    expect(gate.enter('10.0.0.1')).toBeNull();
  });

  it('refuses limits that let nobody in', () => {
    expect(() => new HalfOpenGate({ maxHalfOpen: 0 })).toThrow(/maxHalfOpen /);
    expect(() => new HalfOpenGate({ maxHalfOpenPerAddress: Number.NaN })).toThrow(/maxHalfOpenPerAddress/);
  });
});

describe('addressKey', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:DB8:1:2::9', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['2001:db8::1:2:3:4:5', '2001:db8:0:1'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4'],
    ['', ''],
  ])('of %s is %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });
});
