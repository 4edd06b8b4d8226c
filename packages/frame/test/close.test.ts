import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { type CloseEffect, type CloseInput, type CloseState, stepClose } from '../src/close.ts';

const normal = { code: 1000, reason: 'done' };
const failure: CloseInput = { type: 'failure', close: { code: 1002, reason: '' } };

/** All effects of the inputs, and the phase in the end. */
function run(...inputs: readonly CloseInput[]): { effects: CloseEffect[]; phase: CloseState['phase'] } {
  const effects: CloseEffect[] = [];
  let state: CloseState = { phase: 'open' };
  for (const input of inputs) {
    const [next, more] = stepClose(state, input);
    state = next;
    effects.push(...more);
  }
  return { effects, phase: state.phase };
}

describe('stepClose', () => {
  it('sends a close, waits for the answer, then for the end of the transport', () => {
    expect(run({ type: 'local', close: normal }, { type: 'peer', close: normal }, { type: 'eof' })).toEqual({
      phase: 'closed',
      effects: [
        { type: 'send-close', close: normal },
        { type: 'finish-transport' },
        { type: 'closed', outcome: { code: 1000, reason: 'done', clean: true } },
      ],
    });
  });

  it('answers a close with the same close', () => {
    expect(run({ type: 'peer', close: normal }, { type: 'eof' }).effects).toEqual([
      { type: 'send-close', close: normal },
      { type: 'finish-transport' },
      { type: 'closed', outcome: { code: 1000, reason: 'done', clean: true } },
    ]);
  });

  it('answers an empty close with an empty one, and reports 1005', () => {
    const empty = { code: null, reason: '' };
    expect(run({ type: 'peer', close: empty }, { type: 'eof' }).effects).toEqual([
      { type: 'send-close', close: empty },
      { type: 'finish-transport' },
      { type: 'closed', outcome: { code: 1005, reason: '', clean: true } },
    ]);
  });

  it('reports 1006 when the transport ends without the peer having closed', () => {
    const lost: CloseEffect = { type: 'closed', outcome: { code: 1006, reason: '', clean: false } };
    expect(run({ type: 'eof' }).effects).toEqual([lost]);
    expect(run({ type: 'local', close: normal }, { type: 'eof' }).effects).toEqual([
      { type: 'send-close', close: normal },
      lost,
    ]);
  });

  it('destroys the transport of a peer that does not answer', () => {
    expect(run({ type: 'local', close: normal }, { type: 'timeout' }).effects).toEqual([
      { type: 'send-close', close: normal },
      { type: 'destroy-transport' },
      { type: 'closed', outcome: { code: 1006, reason: '', clean: false } },
    ]);
  });

  it('is clean even if the peer never ends the transport after both closes', () => {
    const { effects } = run({ type: 'peer', close: normal }, { type: 'timeout' });
    expect(effects.slice(-2)).toEqual([
      { type: 'destroy-transport' },
      { type: 'closed', outcome: { code: 1000, reason: 'done', clean: true } },
    ]);
  });

  it('tells the peer of a failure and reports its code', () => {
    expect(run(failure, { type: 'eof' }).effects).toEqual([
      { type: 'send-close', close: { code: 1002, reason: '' } },
      { type: 'end-transport' },
      { type: 'closed', outcome: { code: 1002, reason: '', clean: false } },
    ]);
  });

  it('sends nothing after its own close, not even for a failure', () => {
    expect(run({ type: 'local', close: normal }, failure).effects).toEqual([
      { type: 'send-close', close: normal },
      { type: 'end-transport' },
    ]);
  });

  it('keeps the first outcome', () => {
    const { effects } = run(
      failure,
      { type: 'peer', close: normal },
      { type: 'local', close: normal },
      { type: 'eof' },
    );
    expect(effects.at(-1)).toEqual({ type: 'closed', outcome: { code: 1002, reason: '', clean: false } });
  });

  const anyInput = fc.constantFrom<CloseInput>(
    { type: 'local', close: normal },
    { type: 'peer', close: normal },
    failure,
    { type: 'eof' },
    { type: 'timeout' },
  );

  test.prop([fc.array(anyInput, { maxLength: 12 })])(
    'sends at most one close, reports the end exactly once and then falls silent',
    (inputs) => {
      const { effects, phase } = run(...inputs, { type: 'eof' });
      expect(phase).toBe('closed');
      expect(effects.filter(({ type }) => type === 'send-close').length).toBeLessThanOrEqual(1);
      expect(effects.filter(({ type }) => type === 'closed').length).toBe(1);
      expect(effects.at(-1)?.type).toBe('closed');
    },
  );
});
