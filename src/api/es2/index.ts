// ES2+: the interface at which operators order profiles of the SM-DP+ (SGP.22 §5.3), over mutual TLS.

export { type Es2Options, es2 } from './es2_plugin.ts';
export { type Es2ProgressOptions, es2Progress } from './progress_function.ts';
