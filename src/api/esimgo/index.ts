// The eSIM Go door: wire-compatible with eSIM Go v2.4, and with what is documented of v2.5.

export { esimGoDialects } from './callbacks/index.ts';
export { esimGo, esimGoPrefix, esimGoVersion } from './esimgo_plugin.ts';
export { sendEsimGoError } from './wire/errors.ts';
