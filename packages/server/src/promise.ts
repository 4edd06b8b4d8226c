/** Whether a value must be awaited. A plain one is used in the same tick. */
export function isPromiseLike<Value>(value: Value | PromiseLike<Value>): value is PromiseLike<Value> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

/** Goes on with a value now, or when it is there: synchronous handlers and schemas cost no turn of the event loop. */
export function chain<Value, Next>(
  value: Value | PromiseLike<Value>,
  next: (value: Value) => Next | PromiseLike<Next>,
): Next | PromiseLike<Next> {
  // A thenable of somebody else's may answer twice, or give nothing back: a promise around it does neither.
  return isPromiseLike(value) ? Promise.resolve(value).then(next) : next(value);
}
