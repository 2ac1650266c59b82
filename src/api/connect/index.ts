// The Connect door: wire-compatible with Truphone (1GLOBAL) Connect v1, and with v2 as far as it is known.

export { connectDialects } from './callbacks/index.ts';
export { connect, isOfConnect } from './connect_plugin.ts';
export { sendConnectError } from './wire/errors.ts';
