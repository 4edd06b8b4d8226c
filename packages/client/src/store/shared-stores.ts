/**
 * One store for all who ask for the same thing. It is held by those who use it, so that what a rendering made and gave up, as
 * React and a server do, costs nothing for long.
 */
export class SharedStores<Store extends object> {
  readonly #byOwner: WeakMap<object, Map<string, WeakRef<Store>>> = new WeakMap();
  readonly #gone: FinalizationRegistry<readonly [stores: Map<string, WeakRef<Store>>, key: string]> =
    new FinalizationRegistry(([stores, key]) => {
      // Another may have taken its place.
      if (stores.get(key)?.deref() === undefined) stores.delete(key);
    });

  /** `owner` is what the store is of: a channel, a procedure or a client. */
  get(owner: object, key: string, create: () => Store): Store {
    const stores = this.#byOwner.get(owner) ?? new Map<string, WeakRef<Store>>();
    this.#byOwner.set(owner, stores);
    const known = stores.get(key)?.deref();
    if (known !== undefined) return known;
    const store = create();
    stores.set(key, new WeakRef(store));
    this.#gone.register(store, [stores, key]);
    return store;
  }
}
