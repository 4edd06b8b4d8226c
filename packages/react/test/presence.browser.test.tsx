import { useEffect, useState } from 'react';
import { afterEach, expect, it } from 'vitest';
import { render } from 'vitest-browser-react';
import { usePresence, useSubscription } from '../src/index.ts';
import { router } from './chat-service.ts';
import { type ServedPage, servePage } from './served-page.ts';

const SUBSCRIBE = 32;
const UNSUBSCRIBE = 34;
const WATCH = 41;
const ENTER = 43;
const EXIT = 44;

let page: ServedPage<(typeof router)['~tree']>;
const asked = (): number[] => page.sent(SUBSCRIBE, UNSUBSCRIBE, WATCH, ENTER);

afterEach(() => page.client.close());

function Members({ label = 'members' }: { label?: string }) {
  const { members, count, self } = usePresence(page.client.api.room, { room: 'lobby' });
  const names = [...members].map(([id, { name }]) => (id === self ? `${name} (me)` : name)).sort();
  return (
    <p data-testid={label}>
      {count.members}: {names.join(',')}
    </p>
  );
}

function Me({ name }: { name: string }) {
  const { update } = usePresence(page.client.api.room, { room: 'lobby' });
  useEffect(() => update({ name }), [name, update]);
  return null;
}

function Events() {
  const { status } = useSubscription(page.client.api.room, { room: 'lobby' });
  return <p data-testid="events">{status}</p>;
}

it('shows members, this one among them, over one subscription with the events', async () => {
  page = servePage(router);
  const screen = await render(
    <>
      <Members />
      <Members label="again" />
      <Events />
      <Me name="Ann" />
    </>,
  );
  await expect.element(screen.getByTestId('members')).toHaveTextContent('1: Ann (me)');
  await expect.element(screen.getByTestId('again')).toHaveTextContent('1: Ann (me)');
  expect(asked()).toEqual([SUBSCRIBE, WATCH, ENTER]);
  await screen.unmount();
  await expect
    .poll(() => page.sent(SUBSCRIBE, ENTER, EXIT, UNSUBSCRIBE))
    .toEqual([SUBSCRIBE, ENTER, EXIT, UNSUBSCRIBE]);
});

it('has others come, change and go', async () => {
  page = servePage(router);
  const other = page.client.api.room.subscribe({ room: 'lobby' });
  const screen = await render(<Members />);
  await expect.element(screen.getByTestId('members')).toHaveTextContent('0:');
  other.presence.update({ name: 'Ben' });
  await expect.element(screen.getByTestId('members')).toHaveTextContent('1: Ben');
  other.presence.update({ name: 'Benny' });
  await expect.element(screen.getByTestId('members')).toHaveTextContent('1: Benny');
});

it('is present as an effect of a child says, which runs before the effects of its parent', async () => {
  page = servePage(router);
  function Child({ update }: { update: (state: { name: string }) => void }) {
    useEffect(() => update({ name: 'child' }), [update]);
    return null;
  }
  function Parent() {
    const { update } = usePresence(page.client.api.room, { room: 'lobby' });
    return <Child update={update} />;
  }
  const screen = await render(
    <>
      <Parent />
      <Members />
    </>,
  );
  await expect.element(screen.getByTestId('members')).toHaveTextContent('1: child (me)');
});

it('leaves when it is told to, and goes on looking', async () => {
  page = servePage(router);
  function Toggle() {
    const { update, leave } = usePresence(page.client.api.room, { room: 'lobby' });
    const [isHere, setHere] = useState(false);
    const toggle = (): void => {
      if (isHere) leave();
      else update({ name: 'Ann' });
      setHere(!isHere);
    };
    return (
      <button type="button" onClick={toggle}>
        toggle
      </button>
    );
  }
  const screen = await render(
    <>
      <Toggle />
      <Members />
    </>,
  );
  await screen.getByRole('button').click();
  await expect.element(screen.getByTestId('members')).toHaveTextContent('1: Ann (me)');
  await screen.getByRole('button').click();
  await expect.element(screen.getByTestId('members')).toHaveTextContent('0:');
});
