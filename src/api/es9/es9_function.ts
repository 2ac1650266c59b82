// One ES9+ function in both bindings: its input and output are read and written in JSON or in ASN.1, the core is the same.
import type { SmdpCtx } from '../../modules/smdp/index.ts';
import type { RspFunction as RspErrorList } from '../../rsp/rsp_error.ts';
import { asn1Form } from '../rsp/asn1_form.ts';
import type { RspFunction } from '../rsp/rsp_function.ts';

export type Es9Function<Input, Output> = {
  core: (ctx: SmdpCtx, input: Input) => Promise<Output>;
  json: { read: (body: unknown) => Input; write: (output: Output) => Record<string, unknown> };
  asn1: { tag: number; read: (request: Uint8Array) => Input; write: (output: Output) => Uint8Array };
} & ({ name: RspErrorList; answers?: true } | { name: 'handleNotification'; answers: false });

export function es9Function<Input, Output>(given: Es9Function<Input, Output>): RspFunction<SmdpCtx> {
  const { name, answers = true, core, json, asn1 } = given;
  return {
    name,
    answers,
    call: async (ctx, body) => json.write(await core(ctx, json.read(body))),
    asn1: asn1Form({ ...asn1, call: core, ...(name !== 'handleNotification' && { errors: name }) }),
  };
}
