// The install page of one eSIM, as it stands now: everything to install it, or why there is nothing to do any more.
import { installLinks, qrSvg } from '../../modules/activation/index.ts';
import type { Branding } from '../../modules/branding/index.ts';
import type { Bundle } from '../../modules/bundles/index.ts';
import { activationCodeOf, type Esim } from '../../modules/esims/index.ts';
import { type Html, html, trustedHtml } from '../http/html.ts';
import type { Page } from '../http/send_html.ts';
import { copyScript } from './copy_script.ts';
import { pageStyle } from './page_style.ts';
import { writePlan } from './plan.ts';

/** The page; it holds the code only while the eSIM can still be installed by it. */
export function installPage(esim: Esim, bundles: readonly Bundle[], branding?: Branding): Page {
  const { heading, lead, tone } = headingOf(esim);
  const code = activationCodeOf(esim);
  const isOpen = esim.state === 'available' || esim.state === 'downloaded';
  return {
    title: heading,
    style: pageStyle,
    body: html`<main>
<header>
${branding?.logo ? writeLogo(esim) : null}
<p class="badge ${tone}">${badges[esim.state]}</p>
<h1>${heading}</h1>
<p class="lead">${lead}</p>
</header>
${bundles.length === 0 ? null : html`<ul class="plans">${bundles.map(writePlan)}</ul>`}
${isOpen && code !== null ? writeInstallation(esim, code, branding) : null}
${isOpen && code === null ? writeDefaultServer(esim) : null}
<footer><p>ICCID <span class="mono">${esim.iccid.replace(/(.{4})(?=.)/g, '$1 ')}</span></p></footer>
</main>`,
    script: isOpen && code !== null ? copyScript : undefined,
  };
}

type Heading = { heading: string; lead: string; tone: 'good' | 'calm' | 'bad' };

function headingOf({ origin, state, enabled, matchingId }: Esim): Heading {
  if (state === 'installed' && origin !== 'ordered') return headings[origin];
  if (state === 'available' && matchingId === null) return headings.defaultServer;
  return state === 'installed' && enabled ? headings.enabled : headings[state];
}

const badges: Record<Esim['state'], string> = {
  available: 'Ready to install',
  downloaded: 'Downloading',
  installed: 'Installed',
  deleted: 'Removed',
  failed: 'Not available',
};

const headings: Record<Esim['state'] | 'enabled' | 'defaultServer' | 'preinstalled' | 'card', Heading> = {
  available: {
    heading: 'Install your eSIM',
    lead: 'You need an internet connection, best Wi-Fi, and about two minutes.',
    tone: 'good',
  },
  defaultServer: {
    heading: 'Your eSIM is waiting',
    lead: 'It is reserved for your device, which finds it by itself: there is no code to type.',
    tone: 'good',
  },
  downloaded: {
    heading: 'Almost there',
    lead: 'Your device has fetched this eSIM but has not confirmed it yet. If the installation stopped, start it again on the same device.',
    tone: 'calm',
  },
  installed: {
    heading: 'Your eSIM is installed',
    lead: 'Turn it on in the mobile network settings of your device, and turn on data roaming when you travel.',
    tone: 'good',
  },
  enabled: {
    heading: 'Your eSIM is installed and on',
    lead: 'There is nothing left to do. Turn on data roaming for it when you travel.',
    tone: 'good',
  },
  preinstalled: {
    heading: 'Your eSIM came with your device',
    lead: 'It is installed already: there is no code to scan. Turn it on in the mobile network settings of your device.',
    tone: 'good',
  },
  card: {
    heading: 'Your SIM card is registered',
    lead: 'It is a card to put into your device: there is nothing to install and no code to scan.',
    tone: 'good',
  },
  deleted: {
    heading: 'This eSIM was removed',
    lead: 'It was deleted from its device and cannot be installed again. Ask your provider for a new one.',
    tone: 'calm',
  },
  failed: {
    heading: 'This eSIM cannot be installed',
    lead: 'Something went wrong with it. Ask your provider for a new one.',
    tone: 'bad',
  },
};

/** Relative to the page, so that it is found wherever that is served. */
function writeLogo({ installToken }: Esim): Html {
  return html`<img class="logo" src="${installToken}/logo.png" alt="">`;
}

function writeInstallation(esim: Esim, code: string, branding: Branding | undefined): Html {
  const { ios, android } = installLinks(code);
  return html`${esim.confirmationCodeRequired ? confirmationHint : null}
<section>
<h2>On this phone</h2>
<div class="buttons">
<a class="button" href="${ios}" rel="noreferrer">Install on iPhone</a>
<a class="button" href="${android}" rel="noreferrer">Install on Android</a>
</div>
<p class="small">Opens the eSIM installer: iOS 17.4 or newer, or a recent Android. If nothing happens, use the code below.</p>
</section>
<section>
<h2>From another screen</h2>
<p class="small">Scan with the camera of the phone that gets the eSIM, or under <em>Add eSIM</em> in its settings.</p>
<div class="qr" role="img" aria-label="QR code of the activation code">${trustedHtml(qrSvg(code, branding))}</div>
</section>
<section>
<h2>By hand</h2>
<p class="small">In the mobile network settings choose <em>Add eSIM</em>, then <em>Enter details manually</em>.</p>
${writeField('SM-DP+ address', esim.smdpAddress)}
${writeField('Activation code', esim.matchingId ?? '')}
${writeField('All in one', code)}
</section>`;
}

const confirmationHint = html`<p class="note"><strong>Have your confirmation code ready.</strong> Your device will ask for it. Your provider gave it to you separately.</p>`;

function writeField(label: string, value: string): Html {
  return html`<div class="field"><div><span class="label">${label}</span><span class="mono value">${value}</span></div><button type="button" data-copy="${value}" hidden>Copy</button></div>`;
}

function writeDefaultServer({ eid, confirmationCodeRequired }: Esim): Html {
  return html`${confirmationCodeRequired ? confirmationHint : null}
<section>
<h2>On the device</h2>
<ol>
<li>Connect it to the internet.</li>
<li>Open the mobile network settings and choose <em>Add eSIM</em>.</li>
<li>Let it search for an eSIM, or confirm the one it offers.</li>
</ol>
${eid === null ? null : html`<p class="small">Reserved for the device whose EID ends in <span class="mono">${eid.slice(-6)}</span>.</p>`}
</section>`;
}
