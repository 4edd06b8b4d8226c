// Part of the protocol: both ends hold them, and no option changes them. protocol: "Limits".

/** Most messages in one batch. */
export const MAX_BATCH = 64;
/** Most attachments of one message. */
export const MAX_ATTACHMENTS = 1_024;
/** Longest path of a procedure or channel, in UTF-16 units. */
export const MAX_PATH_LENGTH = 255;
/** Longest idempotency key of a mutation, in UTF-16 units. */
export const MAX_KEY_LENGTH = 255;
/** Longest id of an item of a stream, in UTF-16 units. */
export const MAX_EVENT_ID_LENGTH = 255;
