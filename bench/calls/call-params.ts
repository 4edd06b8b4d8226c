/** What every load of this suite is told. */
export interface CallParams {
  procedure: 'add' | 'echo';
  clients: number;
  inFlightPerClient: number;
}
