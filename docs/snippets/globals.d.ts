// What the blocks of the site may use without declaring it: the reader's own code.
declare global {
  function fetchToken(): Promise<string>;
  function show(value: unknown): void;
}

export {};
