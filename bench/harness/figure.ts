/** What one contender did in one round. */
export interface Sample {
  /** Messages the load says it completed. */
  messages: number;
  /** User and system time of the whole server process, its collector and compiler threads included. */
  serverCpuUs: number;
  /** Resident memory of the server right after the round. */
  serverResidentBytes: number;
  /** How much that is more than before the round, garbage collected both times; 0 unless the figure asks for it. */
  serverGrowthBytes: number;
  /** What only the load can know, such as latencies. */
  loadFigures: Readonly<Record<string, number>>;
}

/** A number read from a sample. Less is always better. */
export interface Figure {
  /** Heads the table column; carries the unit. */
  label: string;
  read: (sample: Sample) => number;
  /** Whether the server collects its garbage before and after each round; no figure of time should. */
  needsGrowth?: boolean;
}

export const serverCpuPerMessage: Figure = {
  label: 'server µs/msg',
  read: (sample) => sample.serverCpuUs / sample.messages,
};

/** Resident memory of the server for each further message, which is then something that stays. */
export const serverGrowthPerMessage: Figure = {
  label: 'server kB each',
  read: (sample) => sample.serverGrowthBytes / sample.messages / 1_000,
  needsGrowth: true,
};

export const latencyP50: Figure = {
  label: 'p50 µs',
  read: (sample) => loadFigure(sample, 'p50Us'),
};

/** What `tsc --extendedDiagnostics` calls `Check time`: parsing and binding are not in it. */
export const typeCheckTime: Figure = {
  label: 'check ms',
  read: (sample) => loadFigure(sample, 'checkMs'),
};

/** How often the compiler worked a generic type out; the same on every machine. */
export const typeInstantiations: Figure = {
  label: 'instantiations',
  read: (sample) => loadFigure(sample, 'instantiations'),
};

function loadFigure(sample: Sample, name: string): number {
  const value = sample.loadFigures[name];
  if (value === undefined) throw new Error(`the load reported no ${name}`);
  return value;
}
