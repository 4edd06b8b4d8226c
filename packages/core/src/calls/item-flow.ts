/** What holds the sender of items back: the credit its reader gives, and an end before its own. */
export interface ItemFlow {
  /** Items that may still be sent. */
  credit: number;
  /** Set while the sender waits: there is more credit. */
  onCredit: (() => void) | null;
  /** Whether nobody waits for items any more. */
  readonly isOver: boolean;
  /** Tells `listener` once when the flow is over, unless it is already. The returned function takes it back. */
  whenOver(listener: () => void): () => void;
}
