// Activation: how an eSIM gets from us to a person: the code, its picture, and the links that phones open.
// Owns no tables. Invariant: every picture decodes to exactly the code it was made from, whatever its colours and logo.
export {
  type ActivationCode,
  activationCodeCharsMax,
  readActivationCode,
  writeActivationCode,
} from '../../rsp/activation_code.ts';
export { installLinks } from './install_links.ts';
export { qrPng } from './qr_png.ts';
export { faultsOfStyle, type QrStyle } from './qr_style.ts';
export { qrSvg } from './qr_svg.ts';
export { qrTerminal } from './qr_terminal.ts';
