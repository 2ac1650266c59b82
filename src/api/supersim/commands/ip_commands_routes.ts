// IP commands: UDP messages to and from devices.
import { z } from 'zod';
import { isId } from '../../../base/ids.ts';
import { type Command, findSims } from '../../../modules/sims/index.ts';
import { type Call, listRoute, type Route, route } from '../route.ts';
import { formChoice, formMethod, formText, formWhole } from '../wire/form.ts';
import { formKey } from '../wire/resource_key.ts';
import { getOfKind, listOfKind, sendByForm } from './commands_of_kind.ts';
import { writeIpCommand } from './commands_translate.ts';

export const ipCommandRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/IpCommands',
    operationId: 'CreateIpCommand',
    scope: 'lines:write',
    status: 201,
    codes: { conflict: 83400 },
    form: z.object({
      Sim: formKey('sim'),
      Payload: formText(2_000),
      DevicePort: formWhole(1, 65_535),
      PayloadType: formChoice(['text', 'binary']).default('text'),
      CallbackUrl: formText(2_000).exactOptional(),
      CallbackMethod: formMethod.exactOptional(),
    }),
    handler: async (call) => {
      const { Sim: sim, Payload: payload, PayloadType: payloadType, DevicePort: devicePort } = call.form;
      const command = await sendByForm('ip', call, { sim, payload, payloadType, devicePort });
      return (await writeIpCommands([command], call))[0];
    },
  }),
  listRoute({
    method: 'GET',
    path: '/IpCommands',
    operationId: 'ListIpCommand',
    scope: 'read',
    query: z.object({
      Sim: formKey('sim').exactOptional(),
      SimIccid: formText(22).exactOptional(),
      Status: formChoice(['queued', 'sent', 'received', 'failed']).exactOptional(),
      Direction: formChoice(['to_sim', 'from_sim']).exactOptional(),
    }),
    key: 'ip_commands',
    list: (call, page) => listOfKind('ip', call, page),
    placeOf: ({ id }) => id,
    isPlace: (place) => isId('command', place),
    write: writeIpCommands,
  }),
  route({
    method: 'GET',
    path: '/IpCommands/{Sid}',
    operationId: 'FetchIpCommand',
    scope: 'read',
    status: 200,
    handler: async (call) => (await writeIpCommands([await getOfKind('ip', call)], call))[0],
  }),
];

/** With the ICCIDs of their lines, found for all at once. */
async function writeIpCommands(
  commands: readonly Command[],
  { ctx, account, base }: Pick<Call, 'ctx' | 'account' | 'base'>,
) {
  const sims = await findSims(ctx, { accountId: account.id, keys: commands.map(({ simId }) => simId) });
  return commands.map((command) => writeIpCommand(command, sims.get(command.simId), base));
}
