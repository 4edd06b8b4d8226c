import { describe, expect, it } from 'vitest';
import { helloText, openSession, testSession, welcome, welcomeOptions, welcomeText } from '../support/test-link.ts';

const closedBy = (code: number): unknown => ['closed', expect.objectContaining({ code, local: true })];

describe('a server', () => {
  it('hands the hello up and answers it with a welcome', () => {
    const test = testSession('server');
    const { session, transport, told } = test;

    session.receive(helloText);
    expect(told).toEqual([['hello', [1, 1, { control: true }, 'secret']]]);
    expect(session.isOpen).toBe(false);

    welcome(test);
    expect(session.isOpen).toBe(true);
    expect(transport.log).toEqual([`send ${welcomeText}`]);
  });

  it('closes when no hello comes in time', () => {
    const { session, transport, told, wait } = testSession('server');

    wait(9_999);
    expect(transport.log).toEqual([]);
    wait(1);
    expect(transport.log).toEqual(['close 4002 the session was not open after 10000 ms']);
    expect(told).toEqual([closedBy(4002)]);
    expect(session.deadline).toBe(Number.POSITIVE_INFINITY);
  });

  it('gives whoever authenticates the same time again', () => {
    const { session, told, wait } = testSession('server');
    wait(9_000);
    session.receive(helloText);

    wait(9_999);
    expect(told).toHaveLength(1);
    wait(1);
    expect(told.at(-1)).toEqual(closedBy(4002));
  });

  it('is not kept waiting by pings before the hello', () => {
    const { session, told, wait } = testSession('server');
    for (let seconds = 0; seconds < 10; seconds++) {
      session.receive('[9]');
      wait(1_000);
    }

    expect(told.at(-1)).toEqual(closedBy(4002));
  });

  it('takes a hello of exactly the largest size', () => {
    const { session, told } = testSession('server');
    const filler = 1_000 - '[1,1,{"control":true},""]'.length;

    session.receive(`[1,1,{"control":true},"${'x'.repeat(filler)}"]`);

    expect(told[0]?.[0]).toBe('hello');
  });

  it('closes on a hello that is too big, without reading it', () => {
    const { session, transport, told } = testSession('server');

    session.receive('x'.repeat(1_001));

    expect(transport.log).toEqual(['close 1009 a hello above 1000 characters']);
    expect(told).toEqual([closedBy(1009)]);
  });

  it('takes large messages once it is open', () => {
    const { session, transport, told } = openSession('server');

    session.receive(`[16,1,"echo",0,"${'x'.repeat(5_000)}"]`);

    expect(told).toHaveLength(1);
    expect(transport.log).toEqual([]);
  });

  it('closes on a version it does not speak', () => {
    const { session, transport, told } = testSession('server');

    session.receive('[1,2,{"control":true}]');

    expect(transport.log).toEqual(['close 4505 version 2 is not spoken here, 1 is']);
    expect(told).toEqual([closedBy(4505)]);
  });

  it.each([
    ['a call', '[16,1,"now",0]'],
    ['a subscribe', '[32,1,"news",null,0]'],
    ['a result', '[17,1]'],
    ['a welcome', welcomeText],
    ['a leave', '[8,1012,0]'],
    ['a call behind the hello in one batch', `[${helloText},[16,1,"now",0]]`],
  ])('closes on %s before the session is open', (_name, text) => {
    const { session, transport, told } = testSession('server');

    session.receive(text);

    expect(transport.log).toEqual([expect.stringMatching(/^close 4502 /)]);
    expect(told.at(-1)).toEqual(closedBy(4502));
  });

  it('closes on a second hello while it authenticates', () => {
    const { session, told } = testSession('server');
    session.receive(helloText);
    session.receive(helloText);

    expect(told.at(-1)).toEqual(closedBy(4502));
  });

  it('closes on a second hello when it is open', () => {
    const { session, told } = openSession('server');
    session.receive(helloText);

    expect(told).toEqual([closedBy(4502)]);
  });

  it('sends no welcome before a hello, nor after it has closed', () => {
    const test = testSession('server');
    const { session, transport } = test;
    welcome(test);
    expect(transport.log).toEqual([]);

    session.receive(helloText);
    session.close(4501, 'who are you?');
    welcome(test);
    expect(transport.log).toEqual(['close 4501 who are you?']);
  });
});

describe('a client', () => {
  it('says hello and is open with the welcome', () => {
    const { session, transport, told } = testSession('client');

    session.hello({ control: true }, ',"secret"');
    expect(transport.log).toEqual([`send ${helloText}`]);

    session.receive(welcomeText);
    expect(told).toEqual([['welcome', [2, 's1', welcomeOptions]]]);
    expect(session.isOpen).toBe(true);
  });

  it('closes when no welcome comes in time', () => {
    const { session, transport, wait } = testSession('client');
    session.hello({ control: true }, '');
    wait(10_000);

    expect(transport.log.at(-1)).toBe('close 4002 the session was not open after 10000 ms');
  });

  it.each([
    ['a hello', helloText],
    ['a result', '[17,1]'],
    ['an event', '[35,1,1,1]'],
  ])('closes on %s before the welcome', (_name, text) => {
    const { session, told } = testSession('client');
    session.receive(text);

    expect(told).toEqual([closedBy(4502)]);
  });

  it('closes on a second welcome', () => {
    const { session, told } = openSession('client');
    session.receive(welcomeText);

    expect(told).toEqual([closedBy(4502)]);
  });

  it('may be told to leave before the welcome', () => {
    const { session, told } = testSession('client');
    session.receive('[8,1012,3000]');

    expect(told).toEqual([['leave', 1012, 3_000]]);
  });

  it('hands up what follows the welcome in one batch', () => {
    const { session, told } = testSession('client');
    session.receive(`[${welcomeText},[17,1]]`);

    expect(told.map(([name]) => name)).toEqual(['welcome', 'message']);
  });
});
