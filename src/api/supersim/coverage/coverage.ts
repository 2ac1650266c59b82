// What this door does otherwise than the vendor's document, or not at all: what is not named here is the same.

export type Note = { differs: string } | { refused: string };
type Notes = Record<string, Note>;

const callbackHost = {
  differs:
    'A host that leads only to private addresses is refused with 400 and `20001`, unless the operator allows their network. What stands behind `#` is left out; a user name and password in it are refused.',
};
const emptyTakesAway = { differs: `An empty value takes it away. ${callbackHost.differs}` };
const uniqueName = {
  differs:
    'Up to 64 characters, not in the form of a SID and not `.` or `..`; an empty value takes the name away.',
};
const methodOfUrl = { differs: 'Kept with the URL: without one there is none to keep.' };

/** By operationId. */
export const operationNotes: Notes = {
  ListNetwork: { differs: 'In the order of country, MCC and MNC: networks have no age.' },
  ListNetworkAccessProfileNetwork: { differs: 'In the order of country, MCC and MNC.' },
  CreateNetworkAccessProfileNetwork: { differs: 'Adding a network that is there already changes nothing.' },
  ListSettingsUpdate: {
    differs:
      'What is updated is the line in its mobile core, not the card: the last update of each SIM whose core is another system.',
  },
  UpdateSim: {
    differs:
      'Name, fleet, status, account and callback change together or not at all. 202 while a mobile core that is another system has not confirmed the status; with the simulated core a change is done when it is answered.',
  },
};

/** By operationId: query parameters and form fields. */
export const givenNotes: Record<string, Notes> = {
  CreateEsimProfile: {
    Eid: {
      differs:
        'Exactly one of `Eid` and `GenerateMatchingId=true` must be given. Check digits are checked. An EID masked as in the documentation of the vendors (26 digits and `aaaaaa`) is taken in sandbox accounts only.',
    },
    CallbackUrl: {
      differs: `Twilio callers are told of \`available\` only and KORE callers of every state, unless the account has set which it wants. ${callbackHost.differs}`,
    },
  },
  ListEsimProfile: {
    Status: { differs: '`new` finds nothing: from the first question on, an order is `reserving`.' },
  },
  CreateFleet: {
    UniqueName: uniqueName,
    IpCommandsUrl: emptyTakesAway,
    IpCommandsMethod: methodOfUrl,
    SmsCommandsUrl: emptyTakesAway,
    SmsCommandsMethod: methodOfUrl,
  },
  UpdateFleet: {
    UniqueName: uniqueName,
    IpCommandsUrl: emptyTakesAway,
    IpCommandsMethod: methodOfUrl,
    SmsCommandsUrl: emptyTakesAway,
    SmsCommandsMethod: methodOfUrl,
  },
  CreateIpCommand: { CallbackUrl: callbackHost },
  CreateSmsCommand: {
    Payload: { differs: 'Up to 160 characters, in one message.' },
    CallbackUrl: callbackHost,
  },
  CreateNetworkAccessProfile: { UniqueName: uniqueName },
  UpdateNetworkAccessProfile: { UniqueName: uniqueName },
  CreateSim: {
    RegistrationCode: {
      differs:
        'What the operator had printed on the card, 8 to 32 capital letters and digits. After ten wrong codes the card is refused for good.',
    },
  },
  UpdateSim: {
    UniqueName: uniqueName,
    Status: {
      differs: 'A SIM without a fleet may be ready and active too: 83007 and 83008 are never answered.',
    },
    Fleet: { differs: 'An empty value takes the SIM out of its fleet.' },
    CallbackUrl: {
      differs: `Told of every change of the status, also of those that come by themselves, and of failures to tell its mobile core. ${emptyTakesAway.differs}`,
    },
    AccountSid: {
      differs:
        'Needs a key with the scope `accounts:write`. Callbacks that were set before stay behind: give a new one with it.',
    },
  },
  ListUsageRecord: {
    StartTime: {
      differs:
        'Rounded up to the hour or day of the granularity where it is left out, as `EndTime` is. With `all`, times within an hour widen to whole hours, and the period of the answer says so. A span without usage has no record.',
    },
  },
};

/** By schema of the document: members of answers. */
export const answeredNotes: Record<string, Notes> = {
  'supersim.v1.esim_profile': {
    status: {
      differs:
        '`new` is answered by the order itself and never again. A profile that was deleted from its eUICC stays `installed`.',
    },
    smdp_plus_address: {
      differs:
        'A host name as in the examples of the document (it is called a URI there), with a port where the SM-DP+ does not listen on 443.',
    },
    error_code: {
      differs:
        '`83500` when there was no profile to be had, `83501` when the download can no longer happen, `20500` for anything else. The vendors publish the first only.',
    },
  },
  'supersim.v1.fleet': {
    data_limit: {
      differs:
        'Whole megabytes of 1,000,000 bytes, rounded up. A fleet without a limit, which the vendor does not have, shows 2000000.',
    },
  },
  'supersim.v1.ip_command': {
    payload: { differs: 'What a device sent is always shown as `binary`, in Base64.' },
    device_port: { differs: '0 where it is not known.' },
  },
  'supersim.v1.settings_update': {
    sid: { differs: 'The number of its SIM: there is one for each.' },
    packages: { differs: 'Always empty.' },
  },
  'supersim.v1.sim': {
    status: { differs: 'A SIM that has ended, which the vendor does not have, shows `inactive`.' },
  },
  'supersim.v1.usage_record': {
    network_sid: { differs: 'Null for a network that is not in the catalogue.' },
    data_total_billed: { differs: 'Always 0: data are paid for by bundles.' },
    billed_unit: { differs: 'Always null.' },
  },
};
