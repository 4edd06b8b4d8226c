import { QueryClient, QueryClientProvider, useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { afterEach, expect, it } from 'vitest';
import { render } from 'vitest-browser-react';
import { router } from '../../react/test/chat-service.ts';
import { type ServedPage, servePage } from '../../react/test/served-page.ts';
import { mutationOptions, queryOptions, skip, streamOptions } from '../src/index.ts';

const CALL = 16;
const CANCEL = 19;
const OPEN = 20;
const MUTATE = 24;

let page: ServedPage<(typeof router)['~tree']>;
let queries: QueryClient;

const show = (children: ReactNode) => <QueryClientProvider client={queries}>{children}</QueryClientProvider>;

afterEach(() => page.client.close());

function Echo({ text, label }: { text: string | null; label: string }) {
  const { data, error, status } = useQuery(queryOptions(page.client.api.echo, text === null ? skip : { text }));
  return (
    <p data-testid={label}>
      {status} {data?.text} {error?.code === 'EMPTY' && `at least ${error.data.least}`}
    </p>
  );
}

function Count({ to }: { to: number }) {
  const { data, status, fetchStatus } = useQuery(streamOptions(page.client.api.count, { to }));
  return (
    <p data-testid="count">
      {status} {fetchStatus} {data?.join(',')}
    </p>
  );
}

function Form({ text }: { text: string }) {
  const { mutate, data, error } = useMutation(mutationOptions(page.client.api.send, { idempotencyKey: true }));
  return (
    <button type="button" onClick={() => mutate({ text })}>
      send {data?.sent} {error?.code === 'TOO_LONG' && `at most ${error.data.limit}`}
    </button>
  );
}

it('asks once for components with equal inputs, and shows declared errors', async () => {
  page = servePage(router);
  queries = new QueryClient();
  const screen = await render(
    show(
      <>
        <Echo label="one" text="hi" />
        <Echo label="two" text="hi" />
        <Echo label="none" text={null} />
        <Echo label="empty" text="" />
      </>,
    ),
  );
  await expect.element(screen.getByTestId('one')).toHaveTextContent('success hi');
  await expect.element(screen.getByTestId('two')).toHaveTextContent('success hi');
  await expect.element(screen.getByTestId('none')).toHaveTextContent('pending');
  await expect.element(screen.getByTestId('empty')).toHaveTextContent('error at least 1');
  expect(page.sent(CALL)).toHaveLength(2);
});

it('shows the items of a stream, and cancels one whose component goes', async () => {
  page = servePage(router);
  queries = new QueryClient();
  const screen = await render(show(<Count to={3} />));
  await expect.element(screen.getByTestId('count')).toHaveTextContent('success idle 1,2,3');
  function Endless() {
    return <p data-testid="endless">{useQuery(streamOptions(page.client.api.endless)).data}</p>;
  }
  await screen.rerender(show(<Endless />));
  await expect.element(screen.getByTestId('endless')).toHaveTextContent('begun');
  await screen.rerender(show(null));
  await expect.poll(() => page.sent(CANCEL)).toHaveLength(1);
  expect(page.sent(OPEN)).toHaveLength(2);
});

it('mutates, and shows what became of it', async () => {
  page = servePage(router);
  queries = new QueryClient();
  const screen = await render(show(<Form text="hello" />));
  await screen.getByRole('button').click();
  await expect.element(screen.getByRole('button')).toHaveTextContent('send hello');
  await screen.rerender(show(<Form text="much too long a text" />));
  await screen.getByRole('button').click();
  await expect.element(screen.getByRole('button')).toHaveTextContent('send at most 10');
  expect(page.sent(MUTATE)).toHaveLength(2);
});
