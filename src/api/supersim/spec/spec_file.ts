// Where the facts of the vendor's document are kept.
export const specFile = new URL('supersim_v1.json', import.meta.url);
