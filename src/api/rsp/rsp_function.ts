// One function of an RSP interface as data: its name in the path, and the core function behind its JSON members.
import { z } from 'zod';
import { AppError } from '../../base/app_error.ts';
import { limits } from '../../base/limits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { transactionIdFromHex } from '../../rsp/asn1/transaction_id.ts';
import { RspError } from '../../rsp/rsp_error.ts';
import type { Asn1Form } from './asn1_form.ts';

export type RspFunction<C extends Ctx> = {
  name: string;
  /** False for a function that is answered with 204 and nothing else, whatever came. */
  answers: boolean;
  /** Reads the JSON body and gives the members of the answer, header excluded. Throws RspError and AppError. */
  call: (ctx: C, body: unknown) => Promise<Record<string, unknown>>;
  /** The same function in the ASN.1 binding, where the interface has one. */
  asn1?: Asn1Form<C>;
};

/** Base64 or hex of any length that fits into a body. */
export const textMember = z.string().max(limits.es9BodyBytesMax);
export const addressMember = z.string().max(255);

/** Members that the specification does not know are ignored. Throws RspError `message_invalid` (1.6/2.1). */
export function readMembers<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new RspError(
    'message_invalid',
    `${issue?.path.join('.') || 'The body'}: ${issue?.message ?? 'not valid'}`,
  );
}

/** Hex of any case. What is no transaction id is one that we do not know (8.10.1/3.9). */
export function readTransactionId(hex: string): Uint8Array {
  try {
    return transactionIdFromHex(hex);
  } catch (error) {
    if (error instanceof AppError) throw new RspError('transaction_unknown', undefined, error);
    throw error;
  }
}
