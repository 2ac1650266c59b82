// SMS commands: short messages to and from devices.
import { z } from 'zod';
import { isId } from '../../../base/ids.ts';
import { listRoute, type Route, route } from '../route.ts';
import { formChoice, formMethod, formText } from '../wire/form.ts';
import { formKey } from '../wire/resource_key.ts';
import { getOfKind, listOfKind, sendByForm } from './commands_of_kind.ts';
import { writeSmsCommand } from './commands_translate.ts';

export const smsCommandRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/SmsCommands',
    operationId: 'CreateSmsCommand',
    scope: 'lines:write',
    status: 201,
    form: z.object({
      Sim: formKey('sim'),
      Payload: formText(2_000),
      CallbackMethod: formMethod.exactOptional(),
      CallbackUrl: formText(2_000).exactOptional(),
    }),
    handler: async (call) => {
      const { Sim: sim, Payload: payload } = call.form;
      return writeSmsCommand(await sendByForm('sms', call, { sim, payload }), call.base);
    },
  }),
  listRoute({
    method: 'GET',
    path: '/SmsCommands',
    operationId: 'ListSmsCommand',
    scope: 'read',
    query: z.object({
      Sim: formKey('sim').exactOptional(),
      Status: formChoice(['queued', 'sent', 'delivered', 'received', 'failed']).exactOptional(),
      Direction: formChoice(['to_sim', 'from_sim']).exactOptional(),
    }),
    key: 'sms_commands',
    list: (call, page) => listOfKind('sms', call, page),
    placeOf: ({ id }) => id,
    isPlace: (place) => isId('command', place),
    write: (commands, { base }) => commands.map((command) => writeSmsCommand(command, base)),
  }),
  route({
    method: 'GET',
    path: '/SmsCommands/{Sid}',
    operationId: 'FetchSmsCommand',
    scope: 'read',
    status: 200,
    handler: async (call) => writeSmsCommand(await getOfKind('sms', call), call.base),
  }),
];
