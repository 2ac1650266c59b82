// Countries and network codes as forms and queries hold them.
import { formText } from './form.ts';

/** ISO 3166-1 alpha-2 in any case. */
export const formCountry = formText(2)
  .regex(/^[a-z]{2}$/i, 'give two letters (ISO 3166-1)')
  .transform((country) => country.toUpperCase());

export function formCode(form: RegExp, detail: string) {
  return formText(3).regex(form, detail);
}
