import type { Item, NetworkFault } from './schedule.ts';
import type { World } from './world.ts';

/** Lets one thing of the schedule happen. Who does not exist in these settings does nothing. */
export function perform(world: World, item: Item): void {
  const client = 'client' in item ? world.clients[item.client] : undefined;
  const server = 'server' in item ? world.servers[item.server] : undefined;
  switch (item.type) {
    case 'call':
      return client?.call(item);
    case 'stream':
      return client?.stream(item);
    case 'subscribe':
      return client?.subscribe(item);
    case 'unsubscribe':
      return client?.unsubscribe(item.which);
    case 'publish':
      return client?.publish(item);
    case 'announce':
      return server?.announce(item.topic, item.key);
    case 'burst':
      for (let index = 0; index < item.count; index++)
        server?.announce(item.topic, `${item.key}.${index}`, item.padding);
      return;
    case 'enter':
      return client?.enter(item.which, item.key);
    case 'exit':
      return client?.exit(item.which);
    case 'look':
      return client?.look(item.which);
    case 'wake':
      return client?.wake();
    case 'reopen':
      return client?.reopen();
    case 'vanish':
      return client?.vanish();
    case 'freeze':
      return client?.freeze(item.forMs);
    case 'reset':
    case 'lose':
    case 'stall':
    case 'offline':
      return breakNetwork(world, item);
    case 'crash':
      return server?.crash(item.tells, item.forMs);
    case 'pause':
      return server?.pause(item.forMs);
    case 'drain':
      return server?.drain(item.forMs);
    case 'revoke':
      return world.revoke(item.client, item.topic, item.forMs);
    case 'brokerCut':
      return server?.cutFromBroker(item.forMs);
    case 'brokerRain':
      Object.assign(world.weather, { lostEvents: item.lostEvents, lostReplies: item.lostReplies });
      return world.until(item.forMs, () => Object.assign(world.weather, { lostEvents: 0, lostReplies: 0 }));
    case 'brokerRestart':
      return world.broker.restart();
    case 'brokerFailOver':
      return world.broker.failOver(item.lost);
    case 'brokerTrim':
      return world.broker.trim(item.size);
  }
}

function breakNetwork(world: World, fault: NetworkFault): void {
  const network = world.clients[fault.client]?.network;
  if (network === undefined) return;
  const { connections } = network;
  const { clock } = world;
  switch (fault.type) {
    case 'reset':
      for (const { client, server } of connections) {
        client.lose();
        server.lose();
        clock.schedule(clock.now() + fault.clientLearnsMs, () => client.fail('connection reset'));
        clock.schedule(clock.now() + fault.serverLearnsMs, () => server.fail('connection reset'));
      }
      return;
    case 'lose':
      for (const { client, server } of connections) {
        client.lose();
        server.lose();
      }
      return;
    case 'stall':
      for (const { client, server } of connections) {
        if (fault.down) client.incoming.setStalled(true);
        if (fault.up) server.incoming.setStalled(true);
      }
      return world.until(fault.forMs, () => {
        for (const { client, server } of connections) {
          client.incoming.setStalled(false);
          server.incoming.setStalled(false);
        }
      });
    case 'offline':
      network.state = fault.tells ? 'refusing' : 'hanging';
      for (const { client, server } of connections) {
        client.lose();
        server.lose();
        if (fault.tells) client.fail('network changed');
      }
      return world.until(fault.forMs, () => {
        network.state = 'online';
      });
  }
}
