import { runChild } from './child-main.ts';

export interface LoadReport {
  /** Messages completed, answers checked. */
  messages: number;
  figures: Record<string, number>;
}

/** Sends `messages` messages, waits for what they cause, and reports. Called once per round. */
export type Load = (messages: number) => Promise<LoadReport>;

/** The whole of a load program: `connect` opens what the rounds will use, outside the measured time. */
export function runLoad<Params>(connect: (port: number, params: Params) => Promise<Load>): void {
  let load: Load | null = null;
  runChild({
    start: async (params, port) => {
      load = await connect(port, params as Params);
      return port;
    },
    run: (messages) => (load === null ? Promise.reject(new Error('run before start')) : load(messages)),
  });
}
