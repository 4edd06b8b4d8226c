export { acceptFor, isHandshakeKey, type Sha1 } from './handshake/accept-key.ts';
export {
  type AcceptanceOptions,
  checkProtocols,
  chooseProtocol,
  type ProtocolChoice,
  writeAcceptance,
} from './handshake/acceptance.ts';
export { type ExtraHeaders, writeExtraHeaders } from './handshake/extra-headers.ts';
export { HandshakeError, type HandshakeErrorCode, type HandshakeResult } from './handshake/handshake-error.ts';
export {
  type HeadLimits,
  type HeadOutcome,
  HeadParser,
  headDefaults,
  RequestHeadParser,
  ResponseHeadParser,
} from './handshake/head-parser.ts';
export { createHeaderMap, type HeaderMap, listHeader, singleHeader } from './handshake/header-map.ts';
export { isRefusalStatus, type RefusalStatus, writeRefusal } from './handshake/refusal.ts';
export type { RequestHead, RequestLine, ResponseHead, StatusLine } from './handshake/start-line.ts';
export { createUpgradeOffer, type UpgradeOffer, type UpgradeOfferOptions } from './handshake/upgrade-offer.ts';
export { readUpgradeRequest, supportedVersions, type UpgradeRequest } from './handshake/upgrade-request.ts';
export { readUpgradeResponse, type UpgradeResponse } from './handshake/upgrade-response.ts';
export { UsageError, type UsageErrorCode } from './usage-error.ts';
