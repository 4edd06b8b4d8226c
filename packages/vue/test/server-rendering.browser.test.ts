import { afterEach, expect, it, vi } from 'vitest';
import { createSSRApp, defineComponent, h } from 'vue';
import { renderToString } from 'vue/server-renderer';
import { router } from '../../react/test/chat-service.ts';
import { type ServedPage, servePage } from '../../react/test/served-page.ts';
import { useCall, usePresence, useStatus, useStream, useSubscription } from '../src/index.ts';

const HELLO = 1;
const OPEN = 20;
const SUBSCRIBE = 32;
const WATCH = 41;

let page: ServedPage<(typeof router)['~tree']>;

afterEach(() => page.client.close());

const App = defineComponent({
  setup() {
    const { api } = page.client;
    const room = { room: 'lobby' };
    const { state } = useStatus(page.client);
    const { status } = useSubscription(api.room, room);
    const { status: presence, count } = usePresence(api.room, room);
    const { status: counting } = useStream(api.count, { to: 2 });
    const { status: sending } = useCall(api.send.mutate);
    return () =>
      h('p', [state, status, presence, counting, sending].map(({ value }) => value).join() + count.value.members);
  },
});

it('is rendered as connecting, whatever the client already is, and opens nothing', async () => {
  page = servePage(router);
  await expect.poll(() => page.client.status.state).toBe('open');
  expect(await renderToString(createSSRApp(App))).toBe('<p>connecting,connecting,connecting,connecting,idle0</p>');
  expect(page.sent(HELLO, SUBSCRIBE, WATCH, OPEN)).toEqual([HELLO]);
});

it('is hydrated without a complaint, and then follows', async () => {
  const complaints = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')];
  page = servePage(router);
  await expect.poll(() => page.client.status.state).toBe('open');
  const container = document.createElement('div');
  document.body.append(container);
  container.innerHTML = await renderToString(createSSRApp(App));
  const app = createSSRApp(App);
  app.mount(container);
  await expect.poll(() => container.textContent).toBe('open,live,live,done,idle0');
  for (const complaint of complaints) expect(complaint).not.toHaveBeenCalled();
  // What presence needs is loaded when it is first asked for.
  await expect.poll(() => page.sent(SUBSCRIBE, WATCH, OPEN)).toEqual([SUBSCRIBE, OPEN, WATCH]);
  app.unmount();
  container.remove();
});
