import { type ComputedRef, computed, type ShallowRef } from 'vue';

/** Each part of a state as a ref of its own. */
export type Refs<State> = { readonly [Name in keyof State]: ComputedRef<State[Name]> };

export function refsOf<State extends object, Name extends keyof State>(
  state: Readonly<ShallowRef<State>>,
  names: readonly Name[],
): Refs<Pick<State, Name>> {
  const refs = names.map((name) => [name, computed(() => state.value[name])] as const);
  return Object.fromEntries(refs) as unknown as Refs<Pick<State, Name>>;
}
