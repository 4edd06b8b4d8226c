// biome-ignore-all lint/correctness/useHookAtTopLevel: composables of Vue are called once, in setup
import { QueryClient, useMutation, useQuery, VueQueryPlugin } from '@tanstack/vue-query';
import { afterEach, expect, it } from 'vitest';
import { render } from 'vitest-browser-vue';
import { computed, defineComponent, h, ref } from 'vue';
import { router } from '../../react/test/chat-service.ts';
import { type ServedPage, servePage } from '../../react/test/served-page.ts';
import { mutationOptions, queryOptions, skip, streamOptions } from '../src/index.ts';

const CALL = 16;
const OPEN = 20;
const MUTATE = 24;

let page: ServedPage<(typeof router)['~tree']>;

afterEach(() => page.client.close());

const withQueries = () => ({ global: { plugins: [[VueQueryPlugin, { queryClient: new QueryClient() }]] } }) as never;

it('asks once for components with equal inputs, again when the input changes, and shows declared errors', async () => {
  page = servePage(router);
  const text = ref<string | null>(null);
  const Echo = defineComponent({
    props: { label: { type: String, required: true } },
    setup({ label }) {
      const options = computed(() =>
        queryOptions(page.client.api.echo, text.value === null ? skip : { text: text.value }),
      );
      const { data, error, status } = useQuery(options);
      return () => {
        const why = error.value?.code === 'EMPTY' ? `at least ${error.value.data.least}` : '';
        return h('p', { 'data-testid': label }, `${status.value} ${data.value?.text ?? ''} ${why}`);
      };
    },
  });
  const screen = await render(() => [h(Echo, { label: 'one' }), h(Echo, { label: 'two' })], withQueries());
  await expect.element(screen.getByTestId('one')).toHaveTextContent('pending');
  expect(page.sent(CALL)).toEqual([]);
  text.value = 'hi';
  await expect.element(screen.getByTestId('one')).toHaveTextContent('success hi');
  await expect.element(screen.getByTestId('two')).toHaveTextContent('success hi');
  expect(page.sent(CALL)).toHaveLength(1);
  text.value = '';
  await expect.element(screen.getByTestId('two')).toHaveTextContent('error at least 1');
  expect(page.sent(CALL)).toHaveLength(2);
});

it('shows the items of a stream, and what became of a mutation', async () => {
  page = servePage(router);
  const Page = defineComponent({
    setup() {
      const { data: numbers, fetchStatus } = useQuery(streamOptions(page.client.api.count, { to: 3 }));
      const { mutate, data: sent } = useMutation(mutationOptions(page.client.api.send));
      return () => [
        h('p', { 'data-testid': 'count' }, `${fetchStatus.value} ${numbers.value}`),
        h('button', { onClick: () => mutate({ text: 'hello' }) }, `send ${sent.value?.sent ?? ''}`),
      ];
    },
  });
  const screen = await render(Page, withQueries());
  await expect.element(screen.getByTestId('count')).toHaveTextContent('idle 1,2,3');
  await screen.getByRole('button').click();
  await expect.element(screen.getByRole('button')).toHaveTextContent('send hello');
  expect(page.sent(OPEN, MUTATE)).toEqual([OPEN, MUTATE]);
});
