export type { MessageLimits, MessageSink } from './assembler.ts';
export type { CloseOutcome } from './close.ts';
export { CloseCode, describeCloseCode, isWireCloseCode } from './close-code.ts';
export { type Close, createClose, MAX_CLOSE_REASON_BYTES } from './close-frame.ts';
export { ConnectionMachine, type ConnectionState } from './connection.ts';
export {
  type ClosedEvent,
  type ConnectionEnvironment,
  type ConnectionLimits,
  type ConnectionSink,
  connectionLimits,
  type FrameOutput,
  portableEnvironment,
  type Role,
} from './connection-options.ts';
export { MAX_CONTROL_BYTES } from './control-reader.ts';
export { FrameDecoder, type FrameSink } from './decoder.ts';
export type { Cancel, Deflater, Inflated, Inflater } from './deflate/codec.ts';
export { type DeflatingOptions, DeflatingOutput, type OutputStep } from './deflate/deflating-output.ts';
export {
  DEFLATE_TAIL,
  type DeflateSetup,
  deflateMessage,
  deflateMessageAside,
  MessageDeflate,
} from './deflate/message-deflate.ts';
export { type CreateMaskKey, FrameEncoder } from './encoder.ts';
export { FrameError, type FrameErrorCode, isFrameError } from './errors.ts';
export type { Allocate } from './growing-buffer.ts';
export { acceptFor, isHandshakeKey, type Sha1 } from './handshake/accept-key.ts';
export {
  type Acceptance,
  type AcceptanceOptions,
  acceptanceHeaders,
  checkProtocols,
  chooseProtocol,
  type ProtocolChoice,
  writeAcceptance,
} from './handshake/acceptance.ts';
export { type ConnectHead, readConnectRequest } from './handshake/connect-request.ts';
export { writeDeflateOffer } from './handshake/deflate-answer.ts';
export { acceptDeflate, type DeflateAcceptance } from './handshake/deflate-offer.ts';
export { checkDeflateParameters, type DeflateParameters } from './handshake/deflate-parameters.ts';
export { checkExtraHeaders, type ExtraHeaders, writeExtraHeaders } from './handshake/extra-headers.ts';
export {
  HandshakeError,
  type HandshakeErrorCode,
  type HandshakeResult,
  isHandshakeError,
} from './handshake/handshake-error.ts';
export {
  type HeadLimits,
  type HeadOutcome,
  HeadParser,
  headDefaults,
  RequestHeadParser,
  ResponseHeadParser,
} from './handshake/head-parser.ts';
export { createHeaderMap, type HeaderMap, listHeader, singleHeader } from './handshake/header-map.ts';
export { isRefusalStatus, type RefusalStatus, refusalBody, writeRefusal } from './handshake/refusal.ts';
export type { RequestHead, RequestLine, ResponseHead, StatusLine } from './handshake/start-line.ts';
export { createUpgradeOffer, type UpgradeOffer, type UpgradeOfferOptions } from './handshake/upgrade-offer.ts';
export { readUpgradeRequest, supportedVersions, type UpgradeRequest } from './handshake/upgrade-request.ts';
export { readUpgradeResponse, type UpgradeResponse } from './handshake/upgrade-response.ts';
export { type FrameHeader, headerBytes, MAX_HEADER_BYTES, writeHeader } from './header.ts';
export { applyMask, type MaskWide, WIDE_MASK_MIN_BYTES } from './mask.ts';
export { isControl, isOpcode, Opcode } from './opcode.ts';
export { platformText, type TextOps } from './text-ops.ts';
export { UsageError, type UsageErrorCode } from './usage-error.ts';
