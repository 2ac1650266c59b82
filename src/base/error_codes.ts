// The one list of what can go wrong for a caller of the core: each code with the sentence a person may read.

export const errorCodes = {
  invalid_request: 'The request is not valid.',
  malformed_json: 'The body is not valid JSON.',
  body_too_large: 'The body is larger than this operation accepts.',
  unsupported_media_type: 'The body has a content type that this operation does not accept.',
  unauthenticated: 'No valid credentials were given.',
  forbidden: 'These credentials do not allow this operation.',
  not_found: 'There is no such resource.',
  method_not_allowed: 'This resource does not have that method.',
  conflict: 'The resource is in a state that does not allow this.',
  name_taken: 'Another resource of this account has this unique name.',
  status_not_allowed: 'The SIM cannot go from its status to this one.',
  status_scheduled: 'The SIM is on its way to another status.',
  registration_refused:
    'The ICCID or the registration code is not right, or the SIM card cannot be registered.',
  idempotency_key_reused: 'This Idempotency-Key was used before with a different request.',
  unknown_product: 'There is no such product in the catalogue.',
  unknown_profile_type: 'There is no such profile type.',
  currency_mismatch: 'The currency is not the one the account is billed in.',
  price_changed: 'The price expected is not the price of the catalogue.',
  insufficient_funds: 'The balance does not cover this.',
  stock_empty: 'No SIM profile of the type needed is in stock.',
  order_not_cancellable: 'The order can no longer be cancelled.',
  bundle_not_compatible: 'The bundle cannot be used on this eSIM.',
  invalid_profile_package: 'The profile package is not valid.',
  duplicate_iccid: 'This ICCID is already in stock.',
  rate_limited: 'Too many requests.',
  unavailable: 'The service cannot take this request now.',
  malformed_der: 'The data is not valid DER.',
  invalid_certificate: 'The certificate is not valid.',
  internal: 'Something went wrong on our side.',
} as const;

export type ErrorCode = keyof typeof errorCodes;
