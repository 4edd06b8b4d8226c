import { StrictMode, Suspense, useState } from 'react';
import { afterEach, expect, it } from 'vitest';
import { render } from 'vitest-browser-react';
import { skip, useSubscription } from '../src/index.ts';
import { board, room, router } from './chat-service.ts';
import { type ServedPage, servePage } from './served-page.ts';

const SUBSCRIBE = 32;
const UNSUBSCRIBE = 34;

type Page = ServedPage<(typeof router)['~tree']>;
let page: Page;

function serve(): Page {
  page = servePage(router);
  return page;
}

const asked = (): number[] => page.sent(SUBSCRIBE, UNSUBSCRIBE);

afterEach(() => page.client.close());

function Room({ name = 'lobby', keep = 100, label = 'room' }: { name?: string; keep?: number; label?: string }) {
  const { events, status, error } = useSubscription(page.client.api.room, { room: name }, { keep });
  return (
    <p data-testid={label}>
      {status} {error?.code} {events.join(',')}
    </p>
  );
}

const publish = (event: string, name = 'lobby') => page.wire.publish(room({ room: name }), event);

it('shows events, and asks once whatever the number of components and renderings', async () => {
  serve();
  await publish('before');
  const screen = await render(
    <>
      <Room label="one" />
      <Room label="two" />
      <Room label="latest" keep={1} />
    </>,
  );
  await expect.element(screen.getByTestId('one')).toHaveTextContent('live before');
  await publish('after');
  await expect.element(screen.getByTestId('one')).toHaveTextContent('live before,after');
  await expect.element(screen.getByTestId('two')).toHaveTextContent('live before,after');
  await expect.element(screen.getByTestId('latest')).toHaveTextContent('live after');
  await screen.rerender(<Room label="one" />);
  await expect.element(screen.getByTestId('one')).toHaveTextContent('live before,after');
  expect(asked()).toEqual([SUBSCRIBE]);

  await screen.unmount();
  await expect.poll(asked).toEqual([SUBSCRIBE, UNSUBSCRIBE]);
});

it('is asked once in StrictMode, which mounts everything twice', async () => {
  serve();
  const screen = await render(
    <StrictMode>
      <Room />
    </StrictMode>,
  );
  await expect.element(screen.getByTestId('room')).toHaveTextContent('live');
  expect(asked()).toEqual([SUBSCRIBE]);
});

it('is asked once by a component that waits for something else, and not before it is shown', async () => {
  serve();
  let text: string | null = null;
  let load = (): void => {};
  const loaded = new Promise<void>((resolve) => {
    load = () => {
      text = 'loaded';
      resolve();
    };
  });
  function Waiting() {
    const { status } = useSubscription(page.client.api.room, { room: 'lobby' });
    // What `use` of React 19 does, and React 18 understands.
    if (text === null) throw loaded;
    return (
      <p data-testid="room">
        {text} {status}
      </p>
    );
  }
  const screen = await render(
    <Suspense fallback={<p data-testid="room">waiting</p>}>
      <Waiting />
    </Suspense>,
  );
  await expect.element(screen.getByTestId('room')).toHaveTextContent('waiting');
  expect(asked()).toEqual([]);
  load();
  await expect.element(screen.getByTestId('room')).toHaveTextContent('loaded live');
  expect(asked()).toEqual([SUBSCRIBE]);
});

it('keeps the subscription when a component takes the place of another', async () => {
  serve();
  const screen = await render(<Room key="a" label="a" />);
  await expect.element(screen.getByTestId('a')).toHaveTextContent('live');
  await publish('before');
  await screen.rerender(<Room key="b" label="b" />);
  await expect.element(screen.getByTestId('b')).toHaveTextContent('live before');
  expect(asked()).toEqual([SUBSCRIBE]);
});

it('shows a component that comes later what the others were given', async () => {
  serve();
  function Page() {
    const [isOpen, setOpen] = useState(false);
    return (
      <>
        <button type="button" onClick={() => setOpen(true)}>
          open
        </button>
        <Room label="latest" keep={1} />
        {isOpen && <Room label="all" />}
      </>
    );
  }
  for (const event of ['1', '2', '3']) await publish(event);
  const screen = await render(<Page />);
  await expect.element(screen.getByTestId('latest')).toHaveTextContent('live 3');
  await screen.getByRole('button').click();
  await expect.element(screen.getByTestId('all')).toHaveTextContent('live 3');
  expect(asked()).toEqual([SUBSCRIBE]);
});

it('follows another topic when its parameters change, and nothing when they are skipped', async () => {
  serve();
  function Chosen({ name }: { name: string | null }) {
    const { events, status } = useSubscription(page.client.api.room, name === null ? skip : { room: name });
    return (
      <p data-testid="room">
        {status} {events.join(',')}
      </p>
    );
  }
  await publish('of a', 'a');
  await publish('of b', 'b');
  const screen = await render(<Chosen name={null} />);
  await expect.element(screen.getByTestId('room')).toHaveTextContent('idle');
  expect(asked()).toEqual([]);
  await screen.rerender(<Chosen name="a" />);
  await expect.element(screen.getByTestId('room')).toHaveTextContent('live of a');
  await screen.rerender(<Chosen name="b" />);
  await expect.element(screen.getByTestId('room')).toHaveTextContent('live of b');
  expect(asked()).toEqual([SUBSCRIBE, SUBSCRIBE, UNSUBSCRIBE]);
  await screen.rerender(<Chosen name={null} />);
  await expect.element(screen.getByTestId('room')).toHaveTextContent('idle');
  await expect.poll(asked).toEqual([SUBSCRIBE, SUBSCRIBE, UNSUBSCRIBE, UNSUBSCRIBE]);
});

it('shows why the server refused', async () => {
  serve();
  const screen = await render(<Room name="secret" />);
  await expect.element(screen.getByTestId('room')).toHaveTextContent('closed FORBIDDEN');
});

it('shows the state of a topic, and the events of since', async () => {
  serve();
  function Board() {
    const { snapshot, since } = useSubscription(page.client.api.board);
    return <p data-testid="board">{[...(snapshot?.strokes ?? []), ...since].join(',')}</p>;
  }
  const screen = await render(<Board />);
  await expect.element(screen.getByTestId('board')).toHaveTextContent('first');
  await page.wire.publish(board(), 'second');
  await expect.element(screen.getByTestId('board')).toHaveTextContent('first,second');
});

it('goes on after a lost connection, and says where events are missing', async () => {
  serve();
  function Gap() {
    const { events, gap, outcome } = useSubscription(page.client.api.room, { room: 'lobby' });
    return (
      <p data-testid="room">
        {outcome} {gap === null ? 'whole' : `gap after ${gap.after}`} {events.join(',')}
      </p>
    );
  }
  const screen = await render(<Gap />);
  await expect.element(screen.getByTestId('room')).toHaveTextContent('fresh whole');
  await publish('one');
  page.network.cut();
  await publish('two');
  page.client.reconnect();
  await expect.element(screen.getByTestId('room')).toHaveTextContent('whole one,two');
});
