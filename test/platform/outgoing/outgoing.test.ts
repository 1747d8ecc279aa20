import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createHttp, type RequestListener } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openAddressGuard } from '../../../src/platform/outgoing/address-guard.ts'
import { openOutgoing } from '../../../src/platform/outgoing/outgoing.ts'

const internal = {
  unspecified: ['0.0.0.0', '0.1.2.3', '::'],
  loopback: ['127.0.0.1', '127.9.9.9', '::1'],
  private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd12:3456::1', 'fec0::1'],
  linkLocal: ['169.254.0.1', '169.254.169.254', 'fe80::1', 'fe80::1%eth0'],
  shared: ['100.64.0.1', '100.127.255.255'],
  reserved: [
    '192.0.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '240.0.0.1',
    '2001:db8::1'
  ],
  broadcastAndMulticast: ['255.255.255.255', '224.0.0.1', '239.1.1.1', 'ff02::1'],
  writtenInIpv6: [
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:10.0.0.1',
    '::ffff:169.254.169.254',
    '::127.0.0.1',
    '::ffff:0:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::10.0.0.1',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2002:a00:1::1',
    '2001::1'
  ],
  elsewhere: ['100::1', '3fff::1', '5f00::1', '4000::1', 'niets', '', '1.2.3', '256.1.1.1']
}
const open = ['8.8.8.8', '93.184.216.34', '172.32.0.1', '100.128.0.1', '2a00:1450:400e::1', '::ffff:8.8.8.8']

t.test('only public addresses, in whatever way they are written', async (t) => {
  const isAllowed = openAddressGuard([])
  for (const [what, addresses] of Object.entries(internal))
    for (const address of addresses) t.notOk(isAllowed(address, false), `${what}: ${address}`)
  for (const address of open) {
    t.ok(isAllowed(address, false), address)
    t.notOk(isAllowed(address, true), `${address} over http`)
  }
})

t.test('and the networks that were allowed, no others beside them', async (t) => {
  const isAllowed = openAddressGuard(['10.20.0.0/16', '127.0.0.1', 'fd00:1::/32', '::1'])
  for (const address of ['10.20.0.1', '10.20.255.255', '127.0.0.1', '::ffff:10.20.3.4', 'fd00:1::9', '::1'])
    t.ok(isAllowed(address, true) && isAllowed(address, false), address)
  for (const address of ['10.21.0.1', '127.0.0.2', 'fd00:2::9', '169.254.169.254', '192.168.0.1'])
    t.notOk(isAllowed(address, false), address)
})

const names: Readonly<Record<string, readonly string[]>> = {
  'openbaar.example': ['8.8.8.8', '2a00:1450:400e::1'],
  'intern.example': ['10.0.0.1'],
  'gemengd.example': ['8.8.8.8', '127.0.0.1'],
  'zes.example': ['::ffff:127.0.0.1']
}
const resolve = async (host: string) => names[host] ?? Promise.reject(new Error('unknown'))

t.test('an address that is refused is refused with why', async (t) => {
  const { refusalOf } = openOutgoing({ resolve })
  const refused: Readonly<Record<string, RegExp>> = {
    'http://openbaar.example/': /https/,
    'https://intern.example/': /niet openbaar/,
    'https://gemengd.example/': /niet openbaar/,
    'https://zes.example/': /niet openbaar/,
    'https://127.0.0.1/': /niet openbaar/,
    'https://2130706433/': /niet openbaar/,
    'https://0x7f.1/': /niet openbaar/,
    'https://0177.0.0.1/': /niet openbaar/,
    'https://[::1]/': /niet openbaar/,
    'https://[::ffff:127.0.0.1]/': /niet openbaar/,
    'https://[fe80::1]/': /niet openbaar/,
    'https://169.254.169.254/latest/meta-data/': /niet openbaar/,
    'https://jan:geheim@openbaar.example/': /gebruikersnaam/,
    'https://openbaar.example/#deel': /#/,
    'https://openbaar.example:22/': /poort/,
    'https://openbaar.example:0/': /poort/,
    'ftp://openbaar.example/': /https/,
    'https://': /volledig/
  }
  for (const [url, why] of Object.entries(refused)) t.match(await refusalOf(url), why, url)
  for (const url of [
    'https://openbaar.example/haak?x=1',
    'https://openbaar.example:8443/',
    'https://nog-onbekend.example/'
  ])
    t.equal(await refusalOf(url), undefined, url)
  const here = openOutgoing({ resolve, networks: ['10.0.0.0/8'] })
  t.equal(await here.refusalOf('http://intern.example/'), undefined)
  t.equal(await here.refusalOf('http://10.1.2.3/'), undefined)
  t.match(await here.refusalOf('http://openbaar.example/'), /https/)
  t.match(
    await openOutgoing().refusalOf('https://localhost/'),
    /niet openbaar/,
    'the real resolver knows this one'
  )
  t.match(await openOutgoing().refusalOf('https://hub.localhost./'), /niet openbaar/)
})

async function listen(t: Test, server: ReturnType<typeof createHttp>): Promise<number> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

t.test('a name that points inside the next moment reaches nobody', async (t) => {
  let reached = 0
  const port = await listen(
    t,
    createHttp((_, reply) => {
      reached += 1
      reply.end()
    })
  )
  // The first answer is for the check, the second for the connection.
  const answers = [['8.8.8.8'], ['127.0.0.1'], ['8.8.8.8', '127.0.0.1']]
  let asked = 0
  const rebinding = async () => answers[Math.min(asked++, 2)]!
  const outgoing = openOutgoing({ resolve: rebinding, timeout: 1_000 })
  t.equal(await outgoing.refusalOf(`https://wissel.example:${port}/`), undefined)
  for (let n = 0; n < 2; n += 1) {
    t.same(await outgoing.post(`https://wissel.example:${port}/`, {}, '{}'), { fout: 'adres-geweigerd' })
  }
  t.same(await outgoing.post(`https://127.0.0.1:${port}/`, {}, '{}'), { fout: 'adres-geweigerd' })
  t.same(await outgoing.post(`https://[::ffff:127.0.0.1]:${port}/`, {}, '{}'), { fout: 'adres-geweigerd' })
  t.same([reached, asked], [0, 3])

  const allowed = openOutgoing({ resolve: async () => ['127.0.0.1'], networks: ['127.0.0.1'] })
  t.same(await allowed.post(`http://wissel.example:${port}/`, {}, '{}'), { status: 200 }, 'it does answer')
  t.equal(reached, 1)
  allowed.close()
})

t.test('the connection is made to the address that was judged, over TLS for the name', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'signaalhub-tls-'))
  t.teardown(() => rmSync(dir, { recursive: true }))
  const [keyFile, certFile] = [join(dir, 'sleutel.pem'), join(dir, 'certificaat.pem')]
  execFileSync(
    'openssl',
    `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=ontvanger.example
      -addext subjectAltName=DNS:ontvanger.example -keyout ${keyFile} -out ${certFile}`.split(/\s+/),
    { stdio: 'ignore' }
  )
  const [key, cert] = [readFileSync(keyFile, 'utf8'), readFileSync(certFile, 'utf8')]
  const answer: RequestListener = (request, reply) => reply.writeHead(request.headers.host ? 202 : 400).end()
  const port = await listen(t, createHttps({ key, cert }, answer) as never)
  const reach = { resolve: async () => ['127.0.0.1'], networks: ['127.0.0.1'] }
  const trusting = openOutgoing({ ...reach, ca: cert })
  t.same(await trusting.post(`https://ontvanger.example:${port}/`, {}, '{}'), { status: 202 })
  t.same(await trusting.post(`https://ander.example:${port}/`, {}, '{}'), { fout: 'certificaat-ongeldig' })
  const strict = openOutgoing(reach)
  t.same(await strict.post(`https://ontvanger.example:${port}/`, {}, '{}'), { fout: 'certificaat-ongeldig' })
  trusting.close()
  strict.close()
})

t.test('a connection that was kept open and closed by the receiver costs no attempt', async (t) => {
  let count = 0
  const server = createHttp((_, reply) => {
    count += 1
    reply.end('ok')
  })
  const port = await listen(t, server)
  const outgoing = openOutgoing({ networks: ['127.0.0.1'] })
  const post = () => outgoing.post(`http://127.0.0.1:${port}/`, {}, '{}')
  t.same(await post(), { status: 200 })
  server.closeAllConnections()
  t.same(await post(), { status: 200 })
  t.equal(count, 2)
  server.close()
  server.closeAllConnections()
  t.same(await post(), { fout: 'geen-verbinding' })
  outgoing.close()
})

t.test(
  'a name that nobody knows, and name servers that never answer, are waited for no longer than the limit',
  async (t) => {
    const outgoing = openOutgoing({ resolve: () => new Promise(() => {}), timeout: 300 })
    const began = performance.now()
    // The limit itself keeps no process alive.
    const busy = setInterval(() => undefined, 100)
    t.teardown(() => clearInterval(busy))
    t.same(await outgoing.post('https://traag.example/', {}, '{}'), { fout: 'tijd-verstreken' })
    t.ok(performance.now() - began < 2_000)
    const unknown = openOutgoing({
      resolve: async () => Promise.reject(Object.assign(new Error(), { code: 'ENOTFOUND' }))
    })
    t.same(await unknown.post('https://nergens.example/', {}, '{}'), { fout: 'naam-onbekend' })
  }
)
