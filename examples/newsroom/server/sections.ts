/** The desks of the paper, in the order of their columns. */
export const sections = ['world', 'business', 'science', 'culture', 'sport'] as const;

export type Section = (typeof sections)[number];
