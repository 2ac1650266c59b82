// The certificates of a running server: read from their folder and token, kept current without a restart, and watched.
import { createHash } from 'node:crypto';
import { AppError } from '../base/app_error.ts';
import { toHex } from '../base/bytes.ts';
import type { Log } from '../base/log.ts';
import {
  crlsRevision,
  fetchCrls,
  listCrls,
  tellReloaded,
  type WatchedCertificate,
  warnOfExpiry,
  watchedCertificates,
} from '../modules/smdp/index.ts';
import { type Ctx, systemCtx } from '../pg/ctx.ts';
import { createCrls } from '../rsp/crls.ts';
import type { WantedServers } from '../rsp/pki/complete_test_pki.ts';
import { type Pki, type PkiFile, readPki } from '../rsp/pki/read_pki.ts';
import { createTrust, type Trust } from '../rsp/trust.ts';
import type { Config } from './config.ts';
import type { Installation } from './open_installation.ts';
import { openToken, type Token } from './pkcs11/open_token.ts';
import { openPki, pkiDirOf, pkiFingerprint } from './pki_files.ts';

export type LoadedPki = { files: readonly PkiFile[]; pki: Pki; now: Date };

/**
 * Looks whether these certificates will do, and throws `invalid_certificate` if not; then nobody takes them. What it
 * returns makes them current. Both in the order in which they were registered.
 */
export type PrepareReload = (loaded: LoadedPki) => () => void;

type Wanted = Omit<WantedServers, 'now'>;
type Lists = Awaited<ReturnType<typeof listCrls>>;

export class Certificates {
  readonly dir: string;
  /** The same object for as long as the process runs. */
  readonly trust: Trust;
  loaded: LoadedPki;
  readonly #config: Config;
  readonly #installation: Installation;
  readonly #wanted: Wanted;
  readonly #token: Token | undefined;
  readonly #prepares: PrepareReload[] = [];
  #lists: Lists = [];
  #seen = '';
  #contents: string;
  #reloading: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  private constructor(
    config: Config,
    installation: Installation,
    wanted: Wanted,
    token: Token | undefined,
    loaded: LoadedPki,
  ) {
    this.dir = pkiDirOf(config);
    this.#config = config;
    this.#installation = installation;
    this.#wanted = wanted;
    this.#token = token;
    this.loaded = loaded;
    this.#contents = contentsOf(loaded.files);
    this.trust = createTrust([]);
  }

  /** Reads them for the first time. Throws `invalid_certificate` and, for a token, `unavailable`. */
  static async open(config: Config, installation: Installation, wanted: Wanted): Promise<Certificates> {
    const { log } = installation;
    const token = await openToken(config, log);
    try {
      const loaded = await load(config, wanted, token, log);
      const certificates = new Certificates(config, installation, wanted, token, loaded);
      certificates.#use(loaded, await listCrls(certificates.#ctx(), certificates.#sources(loaded.pki)));
      certificates.#seen = await certificates.#fingerprint();
      return certificates;
    } catch (error) {
      await token?.close();
      throw error;
    }
  }

  /** `prepare` is asked at each reload from now on, after those that came before it. */
  onReload(prepare: PrepareReload): void {
    this.#prepares.push(prepare);
  }

  /**
   * Reads folder, token and fetched lists again. True when they are in use now; false when they cannot be, which is
   * logged: then everything stays as it is.
   */
  reload(): Promise<boolean> {
    return this.#inTurn(() => this.#reload());
  }

  /** Reloads when a file or a fetched list has changed since it was looked at last. */
  reloadIfChanged(): Promise<boolean> {
    return this.#inTurn(async () => {
      const seen = await this.#fingerprint();
      return seen === this.#seen ? false : this.#reload();
    });
  }

  /** Looks every `intervalMs` whether something has changed. */
  watch(intervalMs: number): void {
    this.#timer = setInterval(() => {
      this.reloadIfChanged().catch((error: unknown) =>
        this.#installation.log.error({ error }, 'looking for changed certificates failed'),
      );
    }, intervalMs).unref();
  }

  /** Gets the revocation lists that the settings name, and uses what is new at once. */
  async fetchCrls(): Promise<void> {
    const { pki } = this.loaded;
    const known = this.trust.eumCache.all().map(({ certificate }) => certificate);
    const issuers = [...[...pki.ci, ...pki.eum].map(({ certificate }) => certificate), ...known];
    const stored = await fetchCrls(this.#ctx(), { sources: this.#sources(pki), issuers });
    if (stored > 0) await this.reloadIfChanged();
  }

  async warnOfExpiry(): Promise<void> {
    await warnOfExpiry(this.#ctx(), this.watched());
  }

  watched(): WatchedCertificate[] {
    return watchedCertificates(this.loaded.pki, this.#lists);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#reloading;
    await this.#token?.close();
  }

  async #reload(): Promise<boolean> {
    this.#seen = await this.#fingerprint().catch(() => '');
    try {
      const loaded = await load(this.#config, this.#wanted, this.#token, this.#installation.log);
      const lists = await listCrls(this.#ctx(), this.#sources(loaded.pki));
      const commits = this.#prepares.map((prepare) => prepare(loaded));
      for (const commit of commits) commit();
      this.#use(loaded, lists);
    } catch (error) {
      this.#refuse(error);
      return false;
    }
    await this.#tellReloaded();
    return true;
  }

  #use(loaded: LoadedPki, lists: Lists): void {
    const { pki, now } = loaded;
    this.loaded = loaded;
    this.#lists = lists;
    this.trust.cis = pki.ci.map(({ certificate }) => certificate);
    this.trust.crls = createCrls([...pki.crls, ...lists].map(({ crl }) => crl));
    for (const { crl, ...from } of [...pki.crls, ...lists])
      if (crl.nextUpdate && crl.nextUpdate < now)
        this.#installation.log.warn(
          { ...from, nextUpdate: crl.nextUpdate },
          'a revocation list is out of date, and used nevertheless',
        );
  }

  /** Files that will not do are not looked at again until they change; what else went wrong may pass. */
  #refuse(error: unknown): void {
    const isOfFiles = error instanceof AppError && error.code === 'invalid_certificate';
    if (!isOfFiles) this.#seen = '';
    this.#installation.log.error(
      {
        folder: this.dir,
        ...(error instanceof AppError ? { reason: error.detail, internal: error.internal } : { error }),
      },
      'the certificates were changed in a way that they cannot be used; those of before stay in use',
    );
  }

  async #tellReloaded(): Promise<void> {
    const contents = contentsOf(this.loaded.files);
    const { log } = this.#installation;
    log.info({ folder: this.dir, changed: contents !== this.#contents }, 'the certificates were read again');
    if (contents === this.#contents) return;
    this.#contents = contents;
    await tellReloaded(this.#ctx(), { fingerprint: contents, certificates: this.watched() });
  }

  async #fingerprint(): Promise<string> {
    const revision = await crlsRevision(this.#ctx(), this.#sources(this.loaded.pki));
    return `${await pkiFingerprint(this.dir)}\n${revision}`;
  }

  /** Those of the settings, and those in the certificates of CIs and EUMs if that is wanted. */
  #sources(pki: Pki): string[] {
    const { crlUrls, crlFetch } = this.#config;
    const points = [...pki.ci, ...pki.eum].flatMap(({ certificate }) => certificate.crlUrls);
    return [...new Set([...crlUrls, ...(crlFetch ? points : [])])].slice(0, sourcesMax);
  }

  #ctx(): Ctx {
    return systemCtx(this.#installation.database, this.#installation);
  }

  #inTurn(run: () => Promise<boolean>): Promise<boolean> {
    const turn = this.#reloading.then(run);
    this.#reloading = turn.catch(() => {});
    return turn;
  }
}

const sourcesMax = 100;

async function load(config: Config, wanted: Wanted, token: Token | undefined, log: Log): Promise<LoadedPki> {
  const now = new Date();
  const files = await openPki(config, { ...wanted, now }, log);
  const pki = readPki(files, await token?.listKeys());
  return { files, pki, now };
}

function contentsOf(files: readonly PkiFile[]): string {
  const hash = createHash('sha256');
  for (const { path, bytes } of files) hash.update(path).update(createHash('sha256').update(bytes).digest());
  return toHex(hash.digest()).slice(0, 40);
}
