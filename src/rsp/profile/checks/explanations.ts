// Why each rule matters and what to do about a package that breaks it, for a person who has to mend one.

export type Explanation = { why: string; advice: string };

const notInstalled = 'The eUICC stops the installation at this element.';
const rebuild = 'Export the package again from the tool it was made with.';
const skipped = 'An eUICC may pass over what it was not told of, and the line would not work.';
const noService = 'The eUICC compares what the header demands with what it can do, and refuses or misses it.';
const noAccess = 'The card could not say who may read or change the file, and refuses to make it.';

/** By the name of the rule. */
export const explanations: Readonly<Record<string, Explanation>> = {
  'package is readable': {
    why: 'Nothing can be said of the rest.',
    advice: 'Give the DER file itself: no hex, no base64, no part of it.',
  },

  'every type is known': {
    why: notInstalled,
    advice: 'Leave the element out, or let it be one that the eUICC may pass over.',
  },
  'header first, once': { why: 'The eUICC learns from the header what the package needs.', advice: rebuild },
  'end last, once': {
    why: 'The eUICC waits for the end and gives up.',
    advice: 'See whether the file was cut off; add the element “end”.',
  },
  'file system root second, once': {
    why: 'All other files are made below the root.',
    advice: 'Put the MF right behind the header.',
  },
  'single elements are single': { why: notInstalled, advice: 'Remove one of the two.' },
  'additions follow what they add to': {
    why: 'There is nothing to add to when the element comes.',
    advice: 'Put the element behind the one that makes its directory.',
  },
  'security domains follow the files': {
    why: 'Some eUICCs take files only before the first security domain.',
    advice: 'Move the file in front of the security domain.',
  },
  'identifications are in range': {
    why: 'The eUICC names an element that fails by this number.',
    advice: 'Give the element a number from 0 to 32767.',
  },
  'identifications are unique': {
    why: 'Nobody could tell which of them failed.',
    advice: 'Number the elements anew.',
  },

  'version is one we know': {
    why: 'The eUICC refuses packages of versions it does not know.',
    advice: 'Make the package as version 2.1 or 2.3, which most eUICCs take.',
  },
  'version is not newer than this server': {
    why: 'Elements that came later were not checked.',
    advice: 'Ask which versions your eUICCs take; 2.1 and 2.3 are the widest known.',
  },
  'templates fit the version': {
    why: 'The eUICC looks the template up in the version that the header claims.',
    advice: 'Raise the version in the header, or use the first version of the template.',
  },
  'type name fits': { why: notInstalled, advice: 'Shorten the name, or leave it out.' },
  'there is no policy of M2M': {
    why: 'Phones go by the policy rules of the metadata and may refuse this one.',
    advice: 'Leave the field out; give policy rules with the profile type.',
  },
  'services are known': {
    why: 'An eUICC that does not know it either refuses the package.',
    advice: 'Leave it out unless your eUICCs have it.',
  },
  'applications are announced': { why: skipped, advice: 'Add the service to the header.' },
  'iccid is well formed': {
    why: 'The profile is known by its ICCID everywhere.',
    advice: 'Give 19 or 20 digits that begin with 89 and end with their Luhn digit, padded with F.',
  },
  'iccids agree': {
    why: 'The eUICC refuses a profile whose numbers differ.',
    advice: 'Write the digits of the header into EF_ICCID, the two of each byte swapped.',
  },
  'services have their element': {
    why: noService,
    advice: 'Add the element, or take the service from the header.',
  },
  'algorithm services have their key set': {
    why: noService,
    advice: 'Take the algorithm from the header, or use it in a key set.',
  },
  'key sets are announced': { why: skipped, advice: 'Add the algorithm to the services of the header.' },
  'templates are announced': {
    why: 'The eUICC refuses templates that the header does not name.',
    advice: 'Add the template to the list of the header.',
  },

  'not created means no content': {
    why: notInstalled,
    advice: 'Either leave the content out, or let the file be made.',
  },
  'descriptor first, once': {
    why: 'The file must exist before it is filled.',
    advice: 'Put the one descriptor in front of the content.',
  },
  'descriptor fields have their lengths': {
    why: notInstalled,
    advice: 'Correct the field, or leave it out: the template has a default.',
  },
  'files have a size': {
    why: 'The card reserves the space when it makes the file.',
    advice: 'Give a file its size, a directory or link none.',
  },
  'content fits': {
    why: 'The card refuses to write behind the end of a file.',
    advice: 'Make the file larger, or the content shorter.',
  },
  'fixed files have their size': {
    why: 'Phones read exactly that many bytes.',
    advice: 'Leave the size out: the template has the right one.',
  },
  'mandatory files are there': { why: notInstalled, advice: 'Add the file to the element.' },
  'application identifiers are there': {
    why: 'Phones select an application by its identifier.',
    advice: 'Give the directory of the application 5 to 16 bytes.',
  },
  'application identifiers are those of 3GPP': {
    why: 'Phones look for the registered beginning and may not find the application.',
    advice: 'Use the registered identifier of 3GPP.',
  },
  'applications are in EF_DIR': {
    why: 'Phones find applications in EF_DIR.',
    advice: 'Add a record with the identifier to EF_DIR.',
  },
  'imsi is well formed': {
    why: 'The network refuses a subscriber without a proper IMSI.',
    advice: 'Write the length, then 9 or 1 with the parity, then the digits, two of each byte swapped.',
  },
  'network code length is 2 or 3': {
    why: 'The phone could not tell the home network from the IMSI.',
    advice: 'Set the fourth byte of EF_AD to 02 or 03.',
  },

  'application paths are unique': {
    why: 'Later elements could not say which application they mean.',
    advice: 'Give each application a temporary identifier of its own.',
  },
  'paths exist when used': {
    why: 'The eUICC cannot make a file in a directory that is not there.',
    advice: 'Make the directory first, or correct the path.',
  },
  'files are created once': {
    why: 'The card refuses a second file with the same identifier.',
    advice: 'Remove one of the two, or give it another identifier.',
  },
  'links have their target': {
    why: 'The card cannot link to a file that is not there.',
    advice: 'Make the target first, or correct the path of the link.',
  },
  'short identifiers are unique': {
    why: 'A phone that reads by the short identifier gets one of them.',
    advice: 'Change one, or leave it empty.',
  },
  'shared PINs exist': {
    why: notInstalled,
    advice: 'Name a directory that has PINs, or give the PINs again.',
  },
  'directories name their PINs': { why: noAccess, advice: 'Add the field pinStatusTemplateDO.' },
  'PINs of directories exist': {
    why: 'The eUICC reports that a PIN is missing (status 11).',
    advice: 'Add the PIN behind the directory, or take it from the list.',
  },
  'access rules exist': { why: noAccess, advice: 'Add the record to EF_ARR, or name another one.' },

  'codes are digits': {
    why: 'Nobody could type the code.',
    advice: 'Write ASCII digits, then FF up to 8 bytes.',
  },
  'references are known': {
    why: notInstalled,
    advice: 'Use 01 to 08, 81 to 88 for PINs and PUKs, 0A to 0E, 8A to 8E for ADM codes.',
  },
  'references are unique in their element': { why: notInstalled, advice: 'Remove one of the two.' },
  'global PINs in the root, local PINs in applications': {
    why: notInstalled,
    advice: 'Move the PIN: 01 to 08 behind the MF, 81 to 88 behind an application.',
  },
  'PUKs exist before they are named': {
    why: notInstalled,
    advice: 'Put the element pukCodes in front, with this PUK.',
  },
  'codes are not blocked': {
    why: 'The code could not be used from the beginning.',
    advice: 'Set the tries left to the most there can be, for example 33.',
  },

  'algorithm is known': {
    why: notInstalled,
    advice: 'Use 1 for Milenage, 2 for TUAK or 3 for the test algorithm.',
  },
  'keys have their lengths': {
    why: 'The line could not authenticate.',
    advice: 'Give Ki and OPc of 16 bytes; TUAK takes 16 or 32 and 32.',
  },
  'Milenage constants have their sizes': {
    why: 'The card and the network would compute different answers.',
    advice: 'Leave the constants out: the defaults are those of the specification.',
  },
  'sequence numbers are in range': { why: notInstalled, advice: 'Leave the numbers out: they begin at 0.' },
  'applications have keys': {
    why: 'The line could not authenticate.',
    advice: 'Put an akaParameter behind the application.',
  },
  'key sets stand in an application': {
    why: 'The eUICC could not tell which application the keys are for.',
    advice: 'Move the akaParameter behind its USIM or ISIM.',
  },
  'an application has one key set': {
    why: 'The eUICC refuses the second one, or uses the wrong one.',
    advice: 'Remove one, or move it behind the application it is for.',
  },
  'borrowed key sets exist': {
    why: 'The line could not authenticate.',
    advice: 'Name the identifier of an application of this package, or give the keys.',
  },
  'there is a security domain': {
    why: 'The operator could not reach the profile, and eUICCs refuse packages without one.',
    advice: 'Add the security domain of the operator (MNO-SD).',
  },
  'security domain keys are well formed': {
    why: notInstalled,
    advice: 'Give AES keys of 16, 24 or 32 bytes, DES keys of 16 or 24.',
  },
  'messages over the air have keys': {
    why: 'The operator could not change the profile by SMS later.',
    advice: 'Add keys 1, 2 and 3 of one version from 01 to 0F, unless you will never need them.',
  },
  'security domain keys are unique': {
    why: notInstalled,
    advice: 'Give one of them another version or number.',
  },
  'remote management finds its application': {
    why: notInstalled,
    advice: 'Name the identifier of an application of this package.',
  },
  'remote management is protected': {
    why: 'Anybody who can send a message to the card could change its files.',
    advice: 'Demand a signature: 16 is usual.',
  },
  'remote management addresses are unique': {
    why: 'A message could reach only one of them.',
    advice: 'Give one of them another address of 3 bytes.',
  },

  'IMSI and ISIM agree': {
    why: 'Calls over LTE are registered by the identity of the ISIM and would fail.',
    advice: 'Derive the identity from the IMSI, or remove the ISIM.',
  },
  'ISIM is none of the test network': {
    why: 'Calls over LTE would fail.',
    advice: 'Let the server personalise the package, or remove the ISIM.',
  },
  'network code has the length of its country': {
    why: 'The phone would take another network for its home.',
    advice: 'Correct the fourth byte of EF_AD.',
  },
  'an access class is set': {
    why: 'A phone without an access class may not attach.',
    advice: 'Set the bit of the last digit of the IMSI.',
  },
  'USIM and ISIM have the same key': {
    why: 'A network that knows one key per subscriber refuses the other application.',
    advice: 'Use the same keys, or borrow the set (mappingParameter).',
  },

  'keys are not test keys': {
    why: 'Everybody knows this key.',
    advice: 'Let the server personalise the package, or give Ki of your own.',
  },
  'OPc is set': {
    why: 'The network computes with another one.',
    advice: 'Let the server personalise the package, or give OPc.',
  },
  'algorithm is not the test algorithm': {
    why: 'Real networks do not use it.',
    advice: 'Use Milenage or TUAK.',
  },
  'ADM codes are not test codes': {
    why: 'Whoever guesses the code may change the card.',
    advice: 'Let the server personalise the package, or give random digits.',
  },
  'OTA keys are not test keys': {
    why: 'Everybody knows these keys.',
    advice: 'Let the server personalise the package, or give keys of your own.',
  },
  'card is not in test mode': {
    why: 'Phones behave differently with a card for type approval.',
    advice: 'Set the first byte of EF_AD to 00.',
  },
};
