// The numbers of PKCS #11 (OASIS, Cryptoki 2.40) that signing with ECDSA needs, with their names.

export const returnCodes: Readonly<Record<number, string>> = {
  0: 'CKR_OK',
  5: 'CKR_GENERAL_ERROR',
  6: 'CKR_FUNCTION_FAILED',
  48: 'CKR_DEVICE_ERROR',
  49: 'CKR_DEVICE_MEMORY',
  50: 'CKR_DEVICE_REMOVED',
  96: 'CKR_KEY_HANDLE_INVALID',
  104: 'CKR_KEY_FUNCTION_NOT_PERMITTED',
  112: 'CKR_MECHANISM_INVALID',
  130: 'CKR_OBJECT_HANDLE_INVALID',
  144: 'CKR_OPERATION_ACTIVE',
  160: 'CKR_PIN_INCORRECT',
  164: 'CKR_PIN_LOCKED',
  176: 'CKR_SESSION_CLOSED',
  179: 'CKR_SESSION_HANDLE_INVALID',
  224: 'CKR_TOKEN_NOT_PRESENT',
  256: 'CKR_USER_ALREADY_LOGGED_IN',
  257: 'CKR_USER_NOT_LOGGED_IN',
  400: 'CKR_CRYPTOKI_NOT_INITIALIZED',
  401: 'CKR_CRYPTOKI_ALREADY_INITIALIZED',
};

/** After these a new session may go on where the old one ended. */
export const lostSessionCodes: readonly string[] = [
  'CKR_DEVICE_ERROR',
  'CKR_DEVICE_REMOVED',
  'CKR_KEY_HANDLE_INVALID',
  'CKR_OBJECT_HANDLE_INVALID',
  'CKR_OPERATION_ACTIVE',
  'CKR_SESSION_CLOSED',
  'CKR_SESSION_HANDLE_INVALID',
  'CKR_TOKEN_NOT_PRESENT',
  'CKR_USER_NOT_LOGGED_IN',
  'CKR_CRYPTOKI_NOT_INITIALIZED',
];

/** What a token counts against its owner, and locks itself after. */
export const wrongPinCodes: readonly string[] = ['CKR_PIN_INCORRECT', 'CKR_PIN_LOCKED'];

export const attributes = { class: 0x00, keyType: 0x100, id: 0x102, ecPoint: 0x181 } as const;
export const classes = { publicKey: 2, privateKey: 3 } as const;
export const ecKeyType = 3;
export const ecdsaMechanism = 0x1041;
export const userType = 1;
export const serialSession = 4;
export const osLockingOk = 2;
