export { ANSWER_BYTES, answerChallenge, createKey, KEY3_BYTES, type Md5 } from './challenge.ts';
export {
  Draft76Connection,
  type Draft76Environment,
  type Draft76Limits,
  type Draft76Sink,
  draft76Limits,
} from './connection.ts';
export { Draft76Decoder, type Draft76FrameSink, writeDraft76Close, writeDraft76Text } from './frames.ts';
export {
  createDraft76Offer,
  type Draft76Offer,
  type Draft76OfferOptions,
  type Draft76Request,
  isDraft76,
  readDraft76Request,
} from './request.ts';
export { type Draft76AcceptanceOptions, readDraft76Response, writeDraft76Acceptance } from './response.ts';
