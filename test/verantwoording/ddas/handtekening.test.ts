import 'reflect-metadata'
import { constants, createHash, KeyObject, verify, webcrypto, X509Certificate } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { X509CertificateGenerator } from '@peculiar/x509'
import { flattenedVerify } from 'jose'
import t from 'tap'
import { buildApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { openPayloadSigner, type Signatory } from '../../../src/platform/crypto/payload-signer.ts'
import { openLogger } from '../../../src/platform/http/logger.ts'
import { aSignal } from '../../helpers/builders.ts'
import { openTestHub } from '../../helpers/test-hub.ts'

const path = '/ddas/v1/gegevens'
const day = 86_400_000
const own = await makeSignatory()

type Made = { readonly key: string; readonly certificate: string }

async function makeSignatory({ modulusLength = 2_048, from = -day, to = day } = {}): Promise<Made> {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength,
    publicExponent: new Uint8Array([1, 0, 1])
  }
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=Proefgemeente',
      notBefore: new Date(Date.now() + from),
      notAfter: new Date(Date.now() + to),
      keys: keys as never,
      signingAlgorithm: algorithm
    },
    webcrypto as never
  )
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }) as string
  return { key, certificate: certificate.toString('pem') }
}

function settingsOf({ key, certificate }: Made) {
  return { DDAS_SLEUTEL: key, DDAS_CERTIFICATEN: certificate }
}

async function openStage() {
  const hub = await openTestHub(t)
  const raalte = await hub.gemeente('0177')
  const huur = await hub.signaalpartner(['huur'], ['0177'])
  // So many that the answer is worth packing.
  for (let huisnummer = 1; huisnummer <= 8; huisnummer += 1)
    await huur.post('/v1/vroegsignalen', aSignal({ referentie: `R-${huisnummer}`, adres: { huisnummer } }))
  const { signatory } = readConfig(settingsOf(own))
  const logger = openLogger('silent')
  const signDigest = openPayloadSigner(signatory as Signatory, new Date())
  const app = await buildApp({ hub: hub.hub, logger, isReady: async () => true, signDigest })
  t.teardown(() => app.close())
  const ask = (headers: Record<string, string> = {}, payload: object | string = {}) =>
    app.inject({
      method: 'POST',
      url: path,
      headers: {
        authorization: `Bearer ${raalte.token}`,
        'content-type': 'application/json',
        'accept-encoding': 'identity',
        ...headers
      },
      payload
    })
  return { hub, raalte, ask }
}

const { hub, raalte, ask } = await openStage()
const publicKey = new X509Certificate(own.certificate).publicKey

t.test('the digest of the bytes as sent is signed by the profile, packed or not', async (t) => {
  for (const coding of ['identity', 'gzip']) {
    const { statusCode, headers, rawPayload } = await ask({ 'accept-encoding': coding })
    t.equal(statusCode, 200)
    const digest = `SHA-256=${createHash('sha256').update(rawPayload).digest('base64')}`
    t.equal(headers.digest, digest, coding)
    const [header = '', between, signature = ''] = String(headers['nlgov-adr-payload-sig']).split('.')
    t.equal(between, '', 'detached')
    const read = JSON.parse(Buffer.from(header, 'base64url').toString())
    t.match(read, {
      alg: 'PS256',
      b64: false,
      crit: ['sigD', 'b64'],
      kid: /^[\w-]{43}$/,
      sigD: { mId: 'http://uri.etsi.org/19182/HttpHeaders', pars: ['digest'] }
    })
    t.equal(Object.keys(read).length, 6, 'and nothing else')
    t.same(
      read.x5c.map((der: string) => new X509Certificate(Buffer.from(der, 'base64')).subject),
      ['CN=Proefgemeente']
    )
    const isSigned = (line: string) =>
      verify(
        'sha256',
        Buffer.from(`${header}.${line}`),
        { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
        Buffer.from(signature, 'base64url')
      )
    t.ok(isSigned(`digest: ${digest}`))
    t.notOk(isSigned(`digest: SHA-256=${createHash('sha256').update('anders').digest('base64')}`))
    const jws = { protected: header, payload: `digest: ${digest}`, signature }
    await flattenedVerify(jws, publicKey, { crit: { sigD: true } })
    await t.rejects(
      flattenedVerify({ ...jws, payload: 'digest: anders' }, publicKey, { crit: { sigD: true } })
    )
    const plain = coding === 'gzip' ? gunzipSync(rawPayload) : rawPayload
    t.ok(JSON.parse(plain.toString()).gegevens)
  }
})

t.test('without a key, and on an error, there is no signature', async (t) => {
  const plain = await raalte.post(path, {})
  t.equal(plain.statusCode, 200)
  t.ok('digest' in plain.headers)
  t.notOk('nlgov-adr-payload-sig' in plain.headers)
  const refused = await ask({}, { onbekend: 1 })
  t.equal(refused.statusCode, 400)
  t.notOk('nlgov-adr-payload-sig' in refused.headers)
})

t.test('a digest of the question must be right; one of an unknown kind is passed over', async (t) => {
  const body = '{"page":1}'
  const of = (algorithm: string) => createHash(algorithm).update(body).digest('base64')
  const right: Record<string, string>[] = [
    { digest: `SHA-256=${of('sha256')}` },
    { digest: `sha-512=${of('sha512')},SHA-256=${of('sha256')}` },
    { digest: 'UNIXsum=30637' },
    { 'content-digest': `sha-256=:${of('sha256')}:` },
    { 'content-digest': `sha-256=:${of('sha256')}:, sha-512=:${of('sha512')}:` }
  ]
  for (const headers of right) t.equal((await ask(headers, body)).statusCode, 200, JSON.stringify(headers))
  const wrong: Record<string, string>[] = [
    { digest: `SHA-256=${of('sha512')}` },
    { digest: `SHA-256=${of('sha256')},sha-512=${of('sha256')}` },
    { digest: 'onzin' },
    { 'content-digest': 'sha-256=::' }
  ]
  for (const headers of wrong) {
    const { statusCode, body: text } = await ask(headers, body)
    t.equal(statusCode, 400, JSON.stringify(headers))
    t.match(JSON.parse(text).errors, [{ in: 'header', location: Object.keys(headers)[0], code: 'digest' }])
    t.notMatch(text, Object.values(headers)[0]!, 'not echoed')
  }
  t.equal(
    (await hub.beheer.post('/v1/gemeenten', { gemeentecode: '0150', naam: 'D' }, wrong[0])).statusCode,
    400
  )
})

t.test('a key and certificates that do not do are refused at start, with what is wrong', async (t) => {
  const refusal = (env: Record<string, string>) => {
    try {
      readConfig(env)
      return 'taken'
    } catch (error) {
      return (error as Error).message
    }
  }
  const both = settingsOf(own)
  t.equal(refusal(both), 'taken')
  t.match(refusal({ DDAS_SLEUTEL: own.key }), /give both or neither/)
  t.match(refusal({ ...both, DDAS_SLEUTEL: 'geen sleutel' }), /DDAS_SLEUTEL: .*an RSA private key/)
  t.match(refusal({ ...both, DDAS_CERTIFICATEN: own.key }), /DDAS_CERTIFICATEN: .*certificates in PEM/)
  const short = await makeSignatory({ modulusLength: 1_024 })
  t.match(refusal(settingsOf(short)), /2048 bits/)
  const other = await makeSignatory()
  t.match(refusal({ ...both, DDAS_CERTIFICATEN: other.certificate }), /the certificate of DDAS_SLEUTEL/)
  t.equal(refusal({ ...both, DDAS_CERTIFICATEN: own.certificate + other.certificate }), 'taken', 'a chain')
  const { signatory } = readConfig(both)
  for (const days of [-2, 2]) {
    const then = new Date(Date.now() + days * day)
    t.throws(() => openPayloadSigner(signatory!, then), /DDAS_CERTIFICATEN: the first is not valid today/)
  }
  t.notMatch(refusal({ DDAS_SLEUTEL: own.key }), /BEGIN/, 'never the key')
})
