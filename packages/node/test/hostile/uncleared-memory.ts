/** What memory holds that nobody has written to. */
export const uncleared = '<memory of somebody else>';

// Imported before the engine: whatever it takes uncleared and sends unwritten can be seen from outside.
for (const name of ['allocUnsafe', 'allocUnsafeSlow'] as const) {
  const take = Buffer[name];
  Buffer[name] = (bytes) => take.call(Buffer, bytes).fill(uncleared);
}
