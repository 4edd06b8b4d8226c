import { FrameError } from './errors.ts';
import type { FrameHeader } from './header.ts';
import { Opcode } from './opcode.ts';

/** The highest of the three reserved bits. */
const RSV1 = 0b100;

/**
 * Checks reserved bits, some of which are set. RFC 7692 §6: of them RSV1 alone has a meaning, on the first frame of a message
 * and where compression was agreed on.
 *
 * @throws {FrameError} `RESERVED_BIT`.
 */
export function checkReserved(header: Readonly<FrameHeader>, compresses: boolean): void {
  if (!compresses) {
    throw new FrameError('RESERVED_BIT', 'a reserved bit is set and no extension was negotiated');
  }
  const beginsMessage = header.opcode === Opcode.Text || header.opcode === Opcode.Binary;
  if (header.rsv === RSV1 && beginsMessage) return;
  throw new FrameError(
    'RESERVED_BIT',
    'a reserved bit is set that does not mark the beginning of a compressed message',
  );
}

/** What a frame with the wrong mask bit for its direction is answered with. §5.1 */
export function maskError(header: Readonly<FrameHeader>): FrameError {
  return header.masked
    ? new FrameError('MASK_FORBIDDEN', 'a server must not mask its frames')
    : new FrameError('MASK_MISSING', 'a client must mask its frames');
}
