/** In place of parameters or an input: nothing is followed, asked for or opened. */
export const skip: unique symbol = Symbol.for('typewire.skip') as never;
export type Skip = typeof skip;
