// Install pages: what a person is sent to put an eSIM on a phone.
export { install } from './install_plugin.ts';
