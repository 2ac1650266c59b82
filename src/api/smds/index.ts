// The SM-DS over HTTPS with JSON: ES11 for LPAs, ES12 for SM-DP+s and ES15 for other SM-DSs (SGP.22 §5.8 to §5.10, §6.5).

export { type Es11Options, es11 } from './es11_plugin.ts';
export { type Es12Options, es12 } from './es12_plugin.ts';
