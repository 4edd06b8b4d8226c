import { topicName } from '@typewire/core/internal';
import { isRoom, roomOf, type Topic } from './schedule.ts';

/** The name of a topic at the broker. */
export function topicOf(topic: Topic): string {
  return isRoom(topic) ? topicName('room', roomOf(topic)) : topicName(topic, undefined);
}
