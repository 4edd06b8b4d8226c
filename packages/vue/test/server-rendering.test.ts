import { createClient } from '@typewire/client';
import { expect, it } from 'vitest';
import { createSSRApp, defineComponent, h } from 'vue';
import { renderToString } from 'vue/server-renderer';
import type { router } from '../../react/test/chat-service.ts';
import { usePresence, useStatus, useStream, useSubscription } from '../src/index.ts';

const wire = createClient<typeof router>({ url: '/wire' });

const App = defineComponent({
  setup() {
    const { state } = useStatus(wire);
    const { status } = useSubscription(wire.api.room, { room: 'lobby' });
    const { status: presence } = usePresence(wire.api.room, { room: 'lobby' });
    const { status: counting } = useStream(wire.api.count, { to: 2 });
    return () => h('p', [state, status, presence, counting].map(({ value }) => value).join());
  },
});

it('renders connecting where there is no page, and a client with a path opens no socket there', async () => {
  const sockets = (): string[] => process.getActiveResourcesInfo().filter((name) => /TCP|Connect|DNS|TLS/i.test(name));
  const before = sockets();
  expect(await renderToString(createSSRApp(App))).toBe('<p>connecting,connecting,connecting,connecting</p>');
  await new Promise((resolve) => setImmediate(resolve));
  expect(await renderToString(createSSRApp(App))).toBe('<p>connecting,connecting,connecting,connecting</p>');
  expect(sockets()).toEqual(before);
});
