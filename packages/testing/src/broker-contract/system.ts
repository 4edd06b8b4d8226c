import type { Broker } from '@typewire/core';

/** A broker under test, with what a test must be able to do to it. */
export interface BrokerSystem {
  /** One more handle of it, as another server has one. */
  connect(): Promise<Broker>;
  /** Lets what is under way go on for a moment; called until something has happened, or has had its chance to. */
  settle(): Promise<void>;
  /** Lets this much time pass, as the broker counts it: at most a few seconds. */
  pass(ms: number): Promise<void>;
  /** Loses every log, as a restart without a disk does. Handles of before are not used afterwards. */
  lose(): Promise<void>;
  /** The end of a case. */
  close(): Promise<void>;
}
