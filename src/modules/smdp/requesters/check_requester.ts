// What a function requester may be: known by its certificates or by a CA, never by both, and told over https only.
import { AppError, type FieldError } from '../../../base/app_error.ts';
import type { PutRequester } from './function_requester.ts';
import { fingerprintOf, readPemCertificates } from './pem_certificates.ts';

export type CheckedRequester = { certificates: string[]; fingerprints: string[]; caSubjects: string[] };

/** What the certificates are found by. Throws `invalid_request` naming each field at fault. */
export function checkRequester(put: PutRequester): CheckedRequester {
  const fields = faultsOf(put);
  if (fields.length > 0)
    throw new AppError('invalid_request', 'The function requester is not valid.', { fields });
  const pinned = (put.certificates ?? []).flatMap((pem, index) =>
    readPemCertificates(pem, `certificates[${index}]`),
  );
  const issuers = put.ca ? readPemCertificates(put.ca, 'ca') : [];
  if (put.progressCa) readPemCertificates(put.progressCa, 'progressCa');
  if (issuers.some((each) => !each.ca))
    throw new AppError('invalid_request', 'The function requester is not valid.', {
      fields: [{ field: 'ca', detail: 'give certificates that may issue others' }],
    });
  return {
    certificates: pinned.map((each) => each.toString()),
    fingerprints: pinned.map(fingerprintOf),
    caSubjects: issuers.map((each) => each.subject),
  };
}

const certificatesMax = 10;

function faultsOf(put: PutRequester): FieldError[] {
  const certificates = put.certificates ?? [];
  const rules: [boolean, string, string][] = [
    [isIdentifier(put.identifier), 'identifier', 'give 1 to 255 printable characters'],
    [
      certificates.length === 0 || !put.ca,
      'ca',
      'give the certificates themselves or the CA that issues them, not both',
    ],
    [certificates.length > 0 || !!put.ca, 'certificates', 'give the client certificates, or the ca'],
    [certificates.length <= certificatesMax, 'certificates', `give at most ${certificatesMax}`],
    [
      put.subjectCommonName == null || !!put.ca,
      'subjectCommonName',
      'only a requester that is known by its ca has one',
    ],
    [put.progressUrl == null || isHttps(put.progressUrl), 'progressUrl', 'give an https URL'],
    [
      put.progressCa == null || put.progressUrl != null,
      'progressCa',
      'only a requester with a progressUrl has one',
    ],
  ];
  return rules.filter(([holds]) => !holds).map(([, field, detail]) => ({ field, detail }));
}

function isIdentifier(text: string): boolean {
  return /^[^\p{Cc}\p{Cs}]{1,255}$/u.test(text);
}

function isHttps(text: string): boolean {
  const url = URL.parse(text);
  return (
    text.length <= 2048 &&
    url?.protocol === 'https:' &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === ''
  );
}
