// The Super SIM door: wire-compatible with the Super SIM API of Twilio and of KORE.

export { superSimDialects } from './callbacks/index.ts';
export { superSim, superSimPrefix } from './supersim_plugin.ts';
export { addCorsHeaders } from './wire/cors.ts';
export { sendSuperSimError } from './wire/errors.ts';
export { writeSid } from './wire/sid.ts';
