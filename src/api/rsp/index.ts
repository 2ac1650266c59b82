// What the RSP interfaces share: the HTTP binding of SGP.22 §6, with JSON (§6.5), for ES2+, ES9+, ES11 and ES12 alike, and
// with ASN.1 (§6.6) for ES9+ and ES11.

export { type Asn1Form, type Asn1FormInput, asn1Form } from './asn1_form.ts';
export { asn1Path } from './asn1_route.ts';
export { addRspRoutes, type RspRoutes } from './rsp_plugin.ts';
export { createRspServer, type RspServer, type RspServerOptions } from './rsp_server.ts';
