// A resource that has no unique name is named in a path by its SID alone.
import { AppError } from '../../../base/app_error.ts';
import { readSid, type SidKind } from './sid.ts';

/** The id that this SID of a path stands for. Throws `not_found` for what is no SID of this kind. */
export function sidInPath<K extends SidKind>(kind: K, sid: string | undefined = '') {
  const id = readSid(kind, sid);
  if (id === undefined) throw new AppError('not_found');
  return id;
}
