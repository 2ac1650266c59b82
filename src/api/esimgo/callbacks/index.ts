// Callbacks of this door: what happens to the account's eSIMs and bundles, told in the words of the vendor.

export { esimGoDialects } from './dialect.ts';
