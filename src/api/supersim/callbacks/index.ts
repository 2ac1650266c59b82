// Callbacks of this door: read from forms, kept with what they are about, and told in the words of the vendors.

export { superSimDialects } from './dialects.ts';
export { type FleetCallback, type FleetCallbacks, findFleetCallbacks } from './find_fleet_callbacks.ts';
export { keepCallback } from './keep_callback.ts';
export { readCallback, type WantedCallback } from './read_callback.ts';
export type { CallbackTopic } from './topics.ts';
