/** The least a call needs. No validation, no errors, no timeout: what one writes in an afternoon. */
export interface Question {
  id: number;
  method: string;
  params: unknown;
}

export interface Answer {
  id: number;
  result: unknown;
}
