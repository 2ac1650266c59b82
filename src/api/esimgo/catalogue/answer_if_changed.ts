// Who has this revision of the catalogue already is told so in place of being sent it again (RFC 9110 §13.1.2).
import { currentCatalogue } from '../../../modules/catalogue/index.ts';
import type { Call } from '../route.ts';

/** What `write` gives, under the entity tag of the revision and the account, or 304 to a client that has it. */
export async function answerIfChanged(
  { ctx, account, request, reply }: Pick<Call, 'ctx' | 'account' | 'request' | 'reply'>,
  write: () => Promise<unknown>,
): Promise<unknown> {
  // Before the answer is made: a change in between makes it newer than its tag, and it is only sent again.
  const { revision } = await currentCatalogue(ctx);
  const tag = `"${revision}-${account.id}"`;
  // The same bundles, whatever the order of the members.
  reply.header('etag', `W/${tag}`).header('cache-control', 'private, no-cache');
  if (hasTag(request.headers['if-none-match'] ?? '', tag)) return reply.code(304).send();
  return await write();
}

function hasTag(ifNoneMatch: string, tag: string): boolean {
  return ifNoneMatch.split(',').some((each) => ['*', tag, `W/${tag}`].includes(each.trim()));
}
