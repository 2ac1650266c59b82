// ES9+: the interface between the LPA and the SM-DP+ over HTTPS, with JSON and with ASN.1 (SGP.22 §5.6, §6.5, §6.6).

export { type Es9Options, es9 } from './es9_plugin.ts';
