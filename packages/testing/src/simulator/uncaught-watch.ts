import process from 'node:process';

const events = ['unhandledRejection', 'uncaughtException'] as const;
type Handler = (error: unknown) => void;

/**
 * Hears, while `run` goes on, of promises that reject with nobody there and of exceptions that nobody catches. Others
 * who listen for them do not hear of them meanwhile: a simulation that breaks on purpose must not end a test run.
 */
export async function watchUncaught<Result>(onError: Handler, run: () => Promise<Result>): Promise<Result> {
  const before = events.map((name) => process.listeners(name as never) as unknown as Handler[]);
  for (const name of events) process.removeAllListeners(name);
  for (const name of events) process.on(name, onError);
  try {
    return await run();
  } finally {
    events.forEach((name, index) => {
      process.removeAllListeners(name);
      for (const listener of before[index] ?? []) process.on(name, listener);
    });
  }
}
