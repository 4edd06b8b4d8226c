import { useState } from 'react';
import { afterEach, expect, it } from 'vitest';
import { render } from 'vitest-browser-react';
import { useCall, useStatus } from '../src/index.ts';
import { router } from './chat-service.ts';
import { type ServedPage, servePage } from './served-page.ts';

const CANCEL = 19;

let page: ServedPage<(typeof router)['~tree']>;

afterEach(() => page.client.close());

function Form() {
  const [text, setText] = useState('');
  const send = useCall(page.client.api.send.mutate);
  return (
    <>
      <input aria-label="text" value={text} onChange={(event) => setText(event.target.value)} />
      <button type="button" onClick={() => void send.run({ text })}>
        send
      </button>
      <button type="button" onClick={send.reset}>
        reset
      </button>
      <p data-testid="result">
        {send.status} {send.data?.sent} {send.error?.code === 'TOO_LONG' && `at most ${send.error.data.limit}`}
      </p>
    </>
  );
}

it('shows what becomes of a call, with the data of a declared error', async () => {
  page = servePage(router);
  const screen = await render(<Form />);
  const result = screen.getByTestId('result');
  await expect.element(result).toHaveTextContent('idle');
  await screen.getByRole('textbox').fill('hello');
  await screen.getByRole('button', { name: 'send' }).click();
  await expect.element(result).toHaveTextContent('success hello');
  await screen.getByRole('textbox').fill('much too long a text');
  await screen.getByRole('button', { name: 'send' }).click();
  await expect.element(result).toHaveTextContent('error at most 10');
  await screen.getByRole('button', { name: 'reset' }).click();
  await expect.element(result).toHaveTextContent('idle');
});

it('aborts a call when its component goes, where it was asked to', async () => {
  page = servePage(router);
  const outcomes: string[] = [];
  function Slow() {
    const wait = useCall(page.client.api.wait.query, { whenUnmounted: 'abort' });
    const start = async (): Promise<void> => {
      const result = await wait.run();
      outcomes.push(result.ok ? 'done' : result.error.code);
    };
    return (
      <button type="button" onClick={() => void start()}>
        {wait.status}
      </button>
    );
  }
  const screen = await render(<Slow />);
  await screen.getByRole('button').click();
  await expect.element(screen.getByRole('button')).toHaveTextContent('pending');
  await screen.unmount();
  await expect.poll(() => outcomes).toEqual(['ABORTED']);
  expect(page.sent(CANCEL)).toHaveLength(1);
});

it('shows how the connection stands', async () => {
  page = servePage(router);
  function Badge() {
    const { state, session } = useStatus(page.client);
    return (
      <p data-testid="badge">
        {state} {session}
      </p>
    );
  }
  const screen = await render(<Badge />);
  await expect.element(screen.getByTestId('badge')).toHaveTextContent('open new');
  page.network.cut();
  await expect.element(screen.getByTestId('badge')).toHaveTextContent('reconnecting');
  page.client.reconnect();
  await expect.element(screen.getByTestId('badge')).toHaveTextContent('open resumed');
});
