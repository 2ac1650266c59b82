// What the RSP interfaces share: the HTTP binding of SGP.22 §6, with JSON (§6.5), for ES2+, ES9+, ES11 and ES12 alike.

export { addRspRoutes, type RspRoutes } from './rsp_plugin.ts';
export { createRspServer, type RspServer, type RspServerOptions } from './rsp_server.ts';
