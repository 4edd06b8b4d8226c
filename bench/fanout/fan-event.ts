/** What is told to everybody: 100 bytes of JSON, whatever the number. */
export interface FanEvent {
  n: number;
  text: string;
}

const firstNumber = 1_000_000;
const text = 'x'.repeat(78);

export function eventNumber(index: number): FanEvent {
  return { n: firstNumber + index, text };
}

/** @throws for an event that is not the one published last, or not all of it. */
export function checkEvent(event: FanEvent, index: number): void {
  if (event.n !== firstNumber + index || event.text.length !== text.length) {
    throw new Error(`event ${event.n} came where ${firstNumber + index} was published`);
  }
}
