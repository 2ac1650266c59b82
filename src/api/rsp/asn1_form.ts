// A function of ES9+ or ES11 in the ASN.1 binding as data: the element that asks for it, and those that answer.
import type { Ctx } from '../../pg/ctx.ts';
import { writeProvisioningError } from '../../rsp/asn1/remote_profile_provisioning.ts';
import { asn1ErrorOf, type RspErrorCode, type RspFunction as RspErrorList } from '../../rsp/rsp_error.ts';

export type Asn1Form<C extends Ctx> = {
  /** Of the request inside its envelope. */
  tag: number;
  /** Takes the whole request element and gives the whole element that answers it. Throws RspError and AppError. */
  call: (ctx: C, request: Uint8Array) => Promise<Uint8Array>;
  /** The element that refuses with this code. */
  refuse: (code: RspErrorCode) => Uint8Array;
};

export type Asn1FormInput<C extends Ctx, Input, Output> = {
  tag: number;
  /** Of the answer, where it is another one. */
  answerTag?: number;
  /** Whose error integers are answered; left out for a function without an answer. */
  errors?: RspErrorList;
  read: (request: Uint8Array) => Input;
  call: (ctx: C, input: Input) => Promise<Output>;
  write: (output: Output) => Uint8Array;
};

export function asn1Form<C extends Ctx, Input, Output>(form: Asn1FormInput<C, Input, Output>): Asn1Form<C> {
  const { tag, answerTag = tag, errors, read, call, write } = form;
  return {
    tag,
    call: async (ctx, request) => write(await call(ctx, read(request))),
    refuse: (code) => writeProvisioningError(answerTag, errors ? asn1ErrorOf(code, errors) : undefinedError),
  };
}

const undefinedError = 127;
