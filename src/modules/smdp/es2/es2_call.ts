// The last ES2+ call that a profile obeyed: whoever sends it again gets its answer again, as long as nothing came in between.
import { toHex } from '../../../base/bytes.ts';
import { inputHashOf } from '../../../pg/write.ts';
import type { ProfileState } from '../profiles/profile.ts';
import type { FunctionRequester } from '../requesters/function_requester.ts';

/** Who calls, as its certificate and the header of the call say. */
export type Es2Caller = { requester: FunctionRequester; functionCallIdentifier: string };

export type Es2FunctionName = 'downloadOrder' | 'confirmOrder' | 'cancelOrder' | 'releaseProfile';

/** Kept as `es2_call` of the profile. */
export type Es2Call = {
  function: Es2FunctionName;
  functionCallIdentifier: string;
  /** Of the members without header and confirmation code: a hash of a short code would tell it. */
  inputHash: string;
  stateAfter: ProfileState;
  answer: Record<string, unknown>;
  /** Set while the event at the SM-DS is being registered: what a refusal puts back. */
  undo?: { state: ProfileState; eid: string | null; call: Es2Call | null };
};

/** A call as it came. */
export type CalledFunction = Pick<Es2Call, 'function' | 'functionCallIdentifier' | 'inputHash'>;

export function calledFunction(
  name: Es2FunctionName,
  { functionCallIdentifier }: Es2Caller,
  input: object,
): CalledFunction {
  return { function: name, functionCallIdentifier, inputHash: toHex(inputHashOf({ ...input })) };
}

/** True when `called` is what this profile did last, and it is still as that left it. */
export function isResend(
  { es2_call: known, state }: { es2_call: Es2Call | null; state: ProfileState },
  called: CalledFunction,
): boolean {
  return (
    known !== null &&
    known.function === called.function &&
    known.inputHash === called.inputHash &&
    known.stateAfter === state
  );
}
