// OPc of Milenage from the subscriber key and the operator's OP.
import { createCipheriv } from 'node:crypto';
import { AppError } from '../../base/app_error.ts';

/**
 * OPc = OP xor AES-128(K, OP) (3GPP TS 35.206 §8.2); both inputs and the result are 16 bytes.
 * Throws `invalid_request` when a length differs.
 */
export function deriveOpc(ki: Uint8Array, op: Uint8Array): Uint8Array {
  if (ki.length !== 16 || op.length !== 16)
    throw new AppError('invalid_request', 'Ki and OP must be 16 bytes each.');
  const cipher = createCipheriv('aes-128-ecb', ki, null).setAutoPadding(false);
  const encrypted = cipher.update(op);
  return encrypted.map((byte, i) => byte ^ (op[i] ?? 0));
}
