// One request of the fuzzer, ready to be sent, with what may come of it.

export type FuzzRequest = {
  functionName: string;
  binding: 'json' | 'asn1';
  path: string;
  headers: Record<string, string>;
  body: string | Buffer;
  /** What was done to it. */
  how: string;
  /** False: nothing in it proves that anybody meant it who may, so nothing may come of it. */
  isProven: boolean;
};
