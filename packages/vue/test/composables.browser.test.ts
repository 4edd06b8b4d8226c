import { afterEach, expect, it } from 'vitest';
import { render } from 'vitest-browser-vue';
import { computed, defineComponent, effectScope, h, KeepAlive, nextTick, onMounted, reactive, ref } from 'vue';
import { room, router } from '../../react/test/chat-service.ts';
import { type ServedPage, servePage } from '../../react/test/served-page.ts';
import { skip, useCall, usePresence, useStatus, useStream, useSubscription } from '../src/index.ts';

const CANCEL = 19;
const OPEN = 20;
const SUBSCRIBE = 32;
const UNSUBSCRIBE = 34;
const WATCH = 41;
const ENTER = 43;
const EXIT = 44;

let page: ServedPage<(typeof router)['~tree']>;
const asked = (): number[] => page.sent(SUBSCRIBE, UNSUBSCRIBE);

afterEach(() => page.client.close());

const publish = (event: string, name = 'lobby') => page.wire.publish(room({ room: name }), event);

const Room = defineComponent({
  props: { name: { type: String, default: 'lobby' }, label: { type: String, default: 'room' }, keep: Number },
  setup(props) {
    const { events, status, error } = useSubscription(
      page.client.api.room,
      () => ({ room: props.name }),
      () => ({ keep: props.keep ?? 100 }),
    );
    return () =>
      h('p', { 'data-testid': props.label }, `${status.value} ${error.value?.code ?? ''} ${events.value.join(',')}`);
  },
});

it('shows events, and asks once whatever the number of components and renderings', async () => {
  page = servePage(router);
  await publish('before');
  const isTwice = ref(true);
  const screen = await render(() => [
    h(Room, { label: 'one' }),
    h(Room, { label: 'latest', keep: 1 }),
    isTwice.value ? h(Room, { label: 'two' }) : null,
  ]);
  await expect.element(screen.getByTestId('two')).toHaveTextContent('live before');
  await publish('after');
  await expect.element(screen.getByTestId('one')).toHaveTextContent('live before,after');
  await expect.element(screen.getByTestId('latest')).toHaveTextContent('live after');
  isTwice.value = false;
  await publish('last');
  await expect.element(screen.getByTestId('one')).toHaveTextContent('live before,after,last');
  expect(asked()).toEqual([SUBSCRIBE]);
  await screen.unmount();
  await expect.poll(asked).toEqual([SUBSCRIBE, UNSUBSCRIBE]);
});

it('shows why the server refused', async () => {
  page = servePage(router);
  const screen = await render(() => h(Room, { name: 'secret' }));
  await expect.element(screen.getByTestId('room')).toHaveTextContent('closed FORBIDDEN');
});

it('takes parameters as refs, getters and reactive objects, and follows their content', async () => {
  page = servePage(router);
  for (const name of ['a', 'b']) await publish(`of ${name}`, name);
  const held = ref({ room: 'a', tags: ['x'] });
  const params = reactive({ room: 'a', tags: ['x'] });
  const chosen = ref<string | null>('a');
  const Rooms = defineComponent({
    setup() {
      const byRef = useSubscription(page.client.api.room, held);
      const byObject = useSubscription(page.client.api.room, params);
      const byGetter = useSubscription(page.client.api.room, () =>
        chosen.value === null ? skip : { room: chosen.value, tags: ['x'] },
      );
      const all = computed(() =>
        [byRef, byObject, byGetter].map(({ status, events }) => `${status.value} ${events.value}`).join('; '),
      );
      return () => h('p', { 'data-testid': 'rooms' }, all.value);
    },
  });
  const publishTagged = (name: string) => page.wire.publish(room({ room: name, tags: ['x'] }), `of ${name}`);
  await publishTagged('a');
  await publishTagged('b');
  const screen = await render(Rooms);
  const rooms = screen.getByTestId('rooms');
  await expect.element(rooms).toHaveTextContent('live of a; live of a; live of a');
  expect(asked()).toEqual([SUBSCRIBE]);
  held.value = { tags: ['x'], room: 'a' };
  await nextTick();
  expect(asked()).toEqual([SUBSCRIBE]);
  held.value.room = 'b';
  params.room = 'b';
  chosen.value = null;
  await expect.element(rooms).toHaveTextContent('live of b; live of b; idle');
  await expect.poll(asked).toEqual([SUBSCRIBE, SUBSCRIBE, UNSUBSCRIBE]);
});

it('releases while a component is kept alive but not shown', async () => {
  page = servePage(router);
  const isShown = ref(true);
  const screen = await render(() => h(KeepAlive, () => (isShown.value ? h(Room) : null)));
  await expect.element(screen.getByTestId('room')).toHaveTextContent('live');
  isShown.value = false;
  await expect.poll(asked).toEqual([SUBSCRIBE, UNSUBSCRIBE]);
  await publish('meanwhile');
  isShown.value = true;
  await expect.element(screen.getByTestId('room')).toHaveTextContent('live meanwhile');
  expect(asked()).toEqual([SUBSCRIBE, UNSUBSCRIBE, SUBSCRIBE]);
});

it('lives as long as an effect scope, and refuses to live for ever', async () => {
  page = servePage(router);
  const scope = effectScope();
  const state = scope.run(() => useSubscription(page.client.api.room, { room: 'lobby' }));
  await expect.poll(() => state?.status.value).toBe('live');
  scope.stop();
  await expect.poll(asked).toEqual([SUBSCRIBE, UNSUBSCRIBE]);
  expect(() => useSubscription(page.client.api.room, { room: 'lobby' })).toThrow(/outside of setup/);
});

it('shows members, and is present until its component goes', async () => {
  page = servePage(router);
  const isHere = ref(true);
  const Me = defineComponent({
    setup() {
      const { members, self, update } = usePresence(page.client.api.room, { room: 'lobby' });
      onMounted(() => update({ name: 'Ann' }));
      const names = computed(() =>
        [...members.value].map(([id, { name }]) => (id === self.value ? `${name} (me)` : name)).join(','),
      );
      return () => h('p', { 'data-testid': 'members' }, names.value);
    },
  });
  const screen = await render(() => (isHere.value ? h(Me) : null));
  await expect.element(screen.getByTestId('members')).toHaveTextContent('Ann (me)');
  expect(page.sent(SUBSCRIBE, WATCH, ENTER)).toEqual([SUBSCRIBE, WATCH, ENTER]);
  isHere.value = false;
  await expect.poll(() => page.sent(ENTER, EXIT, UNSUBSCRIBE)).toEqual([ENTER, EXIT, UNSUBSCRIBE]);
});

it('reads a stream once for all components, another when its input changes, and cancels it', async () => {
  page = servePage(router);
  const to = ref(2);
  const Count = defineComponent({
    props: { label: { type: String, required: true } },
    setup({ label }) {
      const { items, status } = useStream(page.client.api.count, () => ({ to: to.value, from: new Date(0) }));
      return () => h('p', { 'data-testid': label }, `${status.value} ${items.value}`);
    },
  });
  const Endless = defineComponent({
    setup() {
      const { status } = useStream(page.client.api.endless);
      return () => h('p', { 'data-testid': 'endless' }, status.value);
    },
  });
  const screen = await render(() => [h(Count, { label: 'one' }), h(Count, { label: 'two' }), h(Endless)]);
  await expect.element(screen.getByTestId('one')).toHaveTextContent('done 1,2');
  await expect.element(screen.getByTestId('two')).toHaveTextContent('done 1,2');
  await expect.element(screen.getByTestId('endless')).toHaveTextContent('live');
  expect(page.sent(OPEN)).toHaveLength(2);
  to.value = 3;
  await expect.element(screen.getByTestId('one')).toHaveTextContent('done 1,2,3');
  expect(page.sent(OPEN)).toHaveLength(3);
  await screen.unmount();
  await expect.poll(() => page.sent(CANCEL)).toHaveLength(1);
});

it('shows what becomes of a call, and how the connection stands', async () => {
  page = servePage(router);
  const text = ref('hello');
  const Form = defineComponent({
    setup() {
      const { state } = useStatus(page.client);
      const { run, status, data, error } = useCall(page.client.api.send.mutate);
      const result = computed(() => {
        if (error.value?.code === 'TOO_LONG') return `at most ${error.value.data.limit}`;
        return `${status.value} ${data.value?.sent ?? ''}`;
      });
      return () => [
        h('button', { onClick: () => run({ text: text.value }) }, 'send'),
        h('p', { 'data-testid': 'result' }, `${state.value} ${result.value}`),
      ];
    },
  });
  const screen = await render(Form);
  await expect.element(screen.getByTestId('result')).toHaveTextContent('open idle');
  await screen.getByRole('button').click();
  await expect.element(screen.getByTestId('result')).toHaveTextContent('open success hello');
  text.value = 'much too long a text';
  await screen.getByRole('button').click();
  await expect.element(screen.getByTestId('result')).toHaveTextContent('open at most 10');
});
