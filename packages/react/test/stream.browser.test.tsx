import { StrictMode } from 'react';
import { afterEach, expect, it } from 'vitest';
import { render } from 'vitest-browser-react';
import { skip, useStream } from '../src/index.ts';
import { router } from './chat-service.ts';
import { type ServedPage, servePage } from './served-page.ts';

const CANCEL = 19;
const OPEN = 20;

let page: ServedPage<(typeof router)['~tree']>;
const asked = (): number[] => page.sent(OPEN, CANCEL);

afterEach(() => page.client.close());

function Count({ to, keep = 10, label = 'count' }: { to: number | null; keep?: number; label?: string }) {
  const input = to === null ? skip : { to, from: new Date(0) };
  const { items, latest, status, error, restart } = useStream(page.client.api.count, input, { keep });
  return (
    <>
      <p data-testid={label}>
        {status} {error?.code} {items.join(',')} {latest}
      </p>
      <button type="button" onClick={restart}>
        again
      </button>
    </>
  );
}

it('reads a stream once for all components with equal input, each as much as it keeps', async () => {
  page = servePage(router);
  const screen = await render(
    <StrictMode>
      <Count to={4} />
      <Count to={4} label="less" keep={2} />
    </StrictMode>,
  );
  await expect.element(screen.getByTestId('count')).toHaveTextContent('done 1,2,3,4 4');
  await expect.element(screen.getByTestId('less')).toHaveTextContent('done 3,4 4');
  expect(asked()).toEqual([OPEN]);
});

it('reads another stream when its input changes, and nothing when it is skipped', async () => {
  page = servePage(router);
  const screen = await render(<Count to={null} />);
  await expect.element(screen.getByTestId('count')).toHaveTextContent('idle');
  expect(asked()).toEqual([]);
  await screen.rerender(<Count to={2} />);
  await expect.element(screen.getByTestId('count')).toHaveTextContent('done 1,2 2');
  await screen.rerender(<Count to={3} />);
  await expect.element(screen.getByTestId('count')).toHaveTextContent('done 1,2,3 3');
  expect(asked()).toEqual([OPEN, OPEN]);
});

it('asks anew when it is told to', async () => {
  page = servePage(router);
  const screen = await render(<Count to={2} />);
  await expect.element(screen.getByTestId('count')).toHaveTextContent('done 1,2 2');
  await screen.getByRole('button').click();
  await expect.poll(asked).toEqual([OPEN, OPEN]);
  await expect.element(screen.getByTestId('count')).toHaveTextContent('done 1,2 2');
});

it('cancels on the server when nobody reads it any more', async () => {
  page = servePage(router);
  function Endless() {
    const { items, status } = useStream(page.client.api.endless);
    return (
      <p data-testid="endless">
        {status} {items}
      </p>
    );
  }
  const screen = await render(<Endless />);
  await expect.element(screen.getByTestId('endless')).toHaveTextContent('live begun');
  expect(asked()).toEqual([OPEN]);
  await screen.unmount();
  await expect.poll(asked).toEqual([OPEN, CANCEL]);
});
