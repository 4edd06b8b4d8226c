import { runChild } from './child-main.ts';

/**
 * The whole of a server program: `start` listens on a free port of 127.0.0.1 and resolves to that port.
 * It is called once; the process is ended from outside.
 */
export function runServer<Params>(start: (params: Params) => Promise<number>): void {
  runChild({
    start: (params) => start(params as Params),
    run: () => Promise.reject(new Error('a server is not asked to run')),
  });
}
