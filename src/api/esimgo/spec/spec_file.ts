// Where the facts of the vendor's document are kept.
export const specFile = new URL('esim_go_v2_4.json', import.meta.url);
