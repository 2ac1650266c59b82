// A function requester as the database holds it, and its reading.
import type { Id } from '../../../base/ids.ts';
import type { FunctionRequester } from './function_requester.ts';

export type RequesterRow = {
  id: string;
  account_id: string;
  identifier: string;
  certificates: string[];
  ca: string | null;
  subject_common_name: string | null;
  progress_url: string | null;
  progress_ca: string | null;
  tells_changes: boolean;
  created_at: Date;
  updated_at: Date;
};

export const requesterColumns = `
  id, account_id, identifier, certificates, ca, subject_common_name, progress_url, progress_ca, tells_changes,
  created_at, updated_at`;

export function readRequester(row: RequesterRow): FunctionRequester {
  return {
    id: row.id as Id<'functionRequester'>,
    accountId: row.account_id,
    identifier: row.identifier,
    certificates: row.certificates,
    ca: row.ca,
    subjectCommonName: row.subject_common_name,
    progressUrl: row.progress_url,
    progressCa: row.progress_ca,
    tellsChanges: row.tells_changes,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
