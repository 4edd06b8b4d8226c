/** In place of parameters or an input: nothing is followed, asked for or opened. */
export const skip: unique symbol = Symbol.for('typewire.skip') as never;
export type Skip = typeof skip;

/**
 * A value, or `skip` in its place. The compiler draws no conclusions from what is given here: the member it is given for decides. (`NoInfer`
 * refuses what it should not when the value is optional and has optional parts, as of TypeScript 6.0.)
 */
export type OrSkip<Value> = [Value][Value extends unknown ? 0 : never] | Skip;
