import { Conversation } from './conversation.ts';
import { describeEmptyRoom } from './empty-room.ts';
import { follow } from './follow.ts';
import { currentRoom, onRoomChange, titleOf } from './location.ts';
import { Outbox } from './outbox.ts';
import { layOutRows } from './rows.ts';
import { Composer } from './view/composer.ts';
import { ConnectionBadge } from './view/connection-badge.ts';
import { ConnectionBanner } from './view/connection-banner.ts';
import { find } from './view/dom.ts';
import { MemberList } from './view/member-list.ts';
import { MessageList } from './view/message-list.ts';
import { PageLinks } from './view/page-links.ts';
import { RoomList } from './view/room-list.ts';
import { Sidebar } from './view/sidebar.ts';
import { TypingLine } from './view/typing-line.ts';
import { connect, type Wire } from './wire.ts';

/** The chat of one person in this page: what is on the wire on one side, what is on the screen on the other. */
export class Chat {
  readonly #me: string;
  readonly #wire: Wire;
  readonly #outbox: Outbox;
  readonly #sidebar: Sidebar;
  readonly #rooms: RoomList = new RoomList();
  readonly #pages: PageLinks = new PageLinks();
  readonly #members: MemberList;
  readonly #messages: MessageList;
  readonly #composer: Composer;
  readonly #typing: TypingLine;
  #conversation: Conversation | null = null;
  /** Fires when we leave the room. */
  #stay: AbortController = new AbortController();
  #isRenderPlanned = false;

  constructor(me: string, onRename: () => void) {
    this.#me = me;
    this.#wire = connect(me);
    this.#outbox = new Outbox(this.#wire, {
      changed: () => this.#planRender(),
      sent: (room, message) => {
        if (this.#conversation?.room === room) this.#conversation.add(message);
      },
    });
    this.#sidebar = new Sidebar(me, onRename);
    this.#members = new MemberList(me);
    this.#messages = new MessageList((id) => this.#outbox.sendAgain(id));
    this.#composer = new Composer({
      send: (room, text) => this.#outbox.send(room, text),
      typing: (isTyping) => this.#conversation?.setTyping(isTyping),
    });
    this.#typing = new TypingLine(me);
    const app = find('app', HTMLElement);
    this.#wire.on('status', ({ state }) => {
      app.dataset['connection'] = state;
    });
    new ConnectionBadge(this.#wire);
    new ConnectionBanner(this.#wire, onRename);

    this.#enter(currentRoom());
    onRoomChange((room) => this.#enter(room));
  }

  #enter(room: string): void {
    this.#sidebar.close();
    if (this.#conversation?.room === room) return;
    this.#stay.abort();
    this.#stay = new AbortController();
    this.#conversation?.close();
    document.title = titleOf(room);
    this.#pages.open(room);
    find('room-title', HTMLElement).textContent = room;
    this.#rooms.open(room);
    this.#messages.open(room);
    this.#composer.open(room);
    this.#members.show(null);
    this.#typing.show([]);

    const { signal } = this.#stay;
    this.#conversation = new Conversation(this.#wire, room, this.#me, {
      changed: () => this.#planRender(),
      peopleChanged: (people) => {
        this.#members.show(people);
        this.#typing.show(people);
      },
      arrived: (message) => {
        if (message.from === this.#me) this.#outbox.settle(message.id);
      },
    });
    void follow(
      this.#wire,
      () => this.#wire.api.rooms.stream({ from: room }, { signal }),
      (summaries) => this.#rooms.update(summaries),
      signal,
    );
    this.#planRender();
  }

  /** Once per frame, however many messages came in it. */
  #planRender(): void {
    if (this.#isRenderPlanned) return;
    this.#isRenderPlanned = true;
    requestAnimationFrame(() => {
      this.#isRenderPlanned = false;
      this.#render();
    });
  }

  #render(): void {
    const conversation = this.#conversation;
    if (conversation === null) return;
    const rows = layOutRows(conversation.entries, this.#outbox.messagesOf(conversation.room), this.#me);
    this.#messages.show(rows, describeEmptyRoom(conversation));
  }
}
