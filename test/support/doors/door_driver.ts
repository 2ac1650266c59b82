// What the story of one eSIM asks of a door: each driver says it in the dialect of its vendor, over HTTP.
import assert from 'node:assert/strict';

export type DoorDriver = {
  name: string;
  /** Steps that the dialect has no words for, and `/v1` is asked instead. */
  byV1: readonly (keyof DoorSteps)[];
} & DoorSteps;

export type DoorSteps = {
  /** What the bundle costs. */
  lookAtCatalogue(): Promise<{ amount: number; currency: string }>;
  /** One eSIM with one bundle, once it can be installed. `url` is told what becomes of it, where an order says so. */
  order(url: string): Promise<OrderedEsim>;
  /** From now on `url` is told when a bundle of the eSIM is used to its threshold. */
  listen(esim: OrderedEsim, url: string): Promise<void>;
  /** Whether this is the callback that says so of the eSIM at 80 percent. */
  isThreshold(callback: { url: string; body: string }, esim: OrderedEsim): boolean;
  /** In the words of the vendor. */
  state(esim: OrderedEsim): Promise<string>;
  /** The states of the eSIM's bundles and what is left of each in bytes, oldest first. */
  bundles(esim: OrderedEsim): Promise<{ state: string; left: number }[]>;
  /** The same bundle again on the eSIM. */
  topUp(esim: OrderedEsim): Promise<void>;
};

export type OrderedEsim = {
  iccid: string;
  /** `LPA:1$…` */
  code: string;
};

/** An account of its own on the server, with a key that may do everything. */
export type DoorAccount = { baseUrl: string; accountId: string; keyId: string; secret: string };

export const bundle = 'esim_1GB_7D_NL_V2';

type Asked = { headers?: Record<string, string>; json?: unknown };

/** A client of JSON: throws an AssertionError for every answer that is not a success. */
export async function ask(method: string, url: string, { headers = {}, json }: Asked = {}): Promise<any> {
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(json !== undefined && { 'content-type': 'application/json' }) },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${url}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
