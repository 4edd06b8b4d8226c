import type { SubscriptionObserver } from '../../src/channels/topic-subscription.ts';

/** A subscriber that writes down what it is told: positions as their offset. */
export function testObserver(
  reactions: Partial<SubscriptionObserver> = {},
): SubscriptionObserver & { readonly told: unknown[] } {
  const told: unknown[] = [];
  return {
    told,
    subscribed(outcome, position) {
      told.push(['subscribed', outcome, position.offset]);
      reactions.subscribed?.(outcome, position);
    },
    event(event, position) {
      told.push(['event', event, position.offset]);
      reactions.event?.(event, position);
    },
    gap(position, missed) {
      told.push(['gap', position.offset, missed]);
      reactions.gap?.(position, missed);
    },
    snapshot(state, position) {
      told.push(['snapshot', state, position.offset]);
      reactions.snapshot?.(state, position);
    },
    interrupted() {
      told.push('interrupted');
      reactions.interrupted?.();
    },
    ended(error) {
      told.push(['ended', error?.code ?? null]);
      reactions.ended?.(error);
    },
  };
}
