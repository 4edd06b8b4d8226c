export { isDraft76 } from '@typewire/frame/draft76';
export { type AcceptDraft76Options, acceptDraft76 } from './accept.ts';
export { type ConnectDraft76Options, connectDraft76 } from './connect.ts';
export { type Draft76SocketOptions, draft76Defaults } from './limits.ts';
export { type Draft76Events, Draft76Socket } from './socket.ts';
