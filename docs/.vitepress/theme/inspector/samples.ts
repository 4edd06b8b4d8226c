export interface Sample {
  readonly title: string;
  readonly hex: string;
  readonly sender: 'client' | 'server';
}

/** Bytes worth a look: RFC 6455 §5.7 first, then what a receiver must refuse. */
export const samples: readonly Sample[] = [
  { title: 'masked “Hello”', hex: '81 85 37 fa 21 3d 7f 9f 4d 51 58', sender: 'client' },
  { title: 'in two frames', hex: '01 03 48 65 6c 80 02 6c 6f', sender: 'server' },
  { title: 'a ping between fragments', hex: '01 03 48 65 6c 89 00 80 02 6c 6f', sender: 'server' },
  { title: 'no mask from a client', hex: '81 05 48 65 6c 6c 6f', sender: 'client' },
  { title: 'a reserved bit', hex: 'c1 05 48 65 6c 6c 6f', sender: 'server' },
  { title: 'half a character', hex: '81 02 e2 82', sender: 'server' },
  { title: 'a length too long', hex: '81 7e 00 05 48 65 6c 6c 6f', sender: 'server' },
  { title: 'a ping in pieces', hex: '09 02 48 69', sender: 'server' },
  { title: 'close with 1005', hex: '88 02 03 ed', sender: 'server' },
];
