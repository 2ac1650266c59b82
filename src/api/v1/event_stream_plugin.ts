// Gives a server its event streams, which end when it is closed.
import type { FastifyInstance } from 'fastify';
import type { Core } from '../http/core.ts';
import { createEventStreamHub, type EventStreamHub, type EventStreamPace } from './event_stream_hub.ts';

declare module 'fastify' {
  interface FastifyInstance {
    eventStreams: EventStreamHub;
  }
}

/** To be called before the routes of event streams are registered on `app`. */
export function addEventStreams(app: FastifyInstance, core: Core, pace?: EventStreamPace): void {
  const hub = createEventStreamHub(core, pace);
  app.decorate('eventStreams', hub);
  app.addHook('preClose', () => hub.close());
}
