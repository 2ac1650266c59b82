import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOutgoing } from '../outgoing/send_request.ts';
import { checkCallbackUrl, readCallbackUrl } from './callback_url.ts';

const names: Record<string, string[]> = {
  'good.example': ['93.184.216.34'],
  'two.example': ['10.0.0.1', '93.184.216.34'],
  'inside.example': ['10.0.0.1', 'fd00::1'],
  'mapped.example': ['::ffff:169.254.169.254'],
};
const outgoing = createOutgoing({
  resolve: async (name) => {
    const found = names[name];
    if (!found) throw Object.assign(new Error('no'), { code: 'ENOTFOUND' });
    return found.map((address) => ({ address, family: 4 }));
  },
});

for (const [url, words] of [
  ['', /like https/],
  ['example.com/hook', /like https/],
  ['https:/good.example/', /like https/],
  ['https:good.example', /like https/],
  ['http://', /like https/],
  ['http://exa mple.com/', /like https/],
  [' https://good.example/', /like https/],
  ['https://good.example/a\nb', /like https/],
  ['http://[::1', /like https/],
  ['http://good.example:99999/', /like https/],
  ['http://good.example:0/', /port 0/],
  ['ftp://good.example/', /http and https/],
  ['file:///etc/passwd', /http and https/],
  ['javascript:alert(1)', /http and https/],
  ['https://user:secret@good.example/', /password/],
  ['https://user@good.example/', /password/],
  ['https://good.example/#part', /fragment/],
  ['https://good.example/#', /fragment/],
  [`https://good.example/${'a'.repeat(2048)}`, /2048/],
] as const) {
  test(`${JSON.stringify(url.slice(0, 60))} is refused for its form`, () => {
    assert.throws(
      () => readCallbackUrl(url, 'callbackUrl'),
      (error: any) =>
        error.code === 'invalid_request' &&
        error.fields[0].field === 'callbackUrl' &&
        words.test(error.detail) &&
        !error.detail.includes('secret'),
    );
  });
}

for (const url of [
  'http://127.0.0.1/',
  'http://127.1/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0177.0.0.1/',
  'http://①②⑦.0.0.1/',
  'http://127.0.0.1./',
  'http://0/',
  'http://[::]/',
  'http://[::1]:8080/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:a9fe:a9fe]/latest/meta-data',
  'http://169.254.169.254/latest/meta-data',
  'http://[64:ff9b::10.0.0.1]/',
  'https://inside.example/',
  'https://mapped.example/',
]) {
  test(`${url} is refused for where it leads`, async () => {
    await assert.rejects(checkCallbackUrl(outgoing, url), {
      code: 'invalid_request',
      message: /may not be called/,
    });
  });
}

test('a host that cannot be resolved is refused', async () => {
  await assert.rejects(checkCallbackUrl(outgoing, 'https://nowhere.example/'), {
    code: 'invalid_request',
    message: /cannot be resolved/,
  });
});

test('a host with one address that may be called is accepted', async () => {
  for (const url of ['https://good.example/hook?a=b', 'http://two.example:8080', 'https://93.184.216.34/'])
    await checkCallbackUrl(outgoing, url);
});
