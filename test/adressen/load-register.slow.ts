import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { findRegisteradressen } from '../../src/adressen/adresregister-store.ts'
import type { Tx } from '../../src/platform/database/open-database.ts'
import { beginDelivery, listen } from '../aanlevering/leveringen/deliveries.ts'
import { loadRegister } from '../helpers/load-register.ts'
import { openTestHub, type TestHub } from '../helpers/test-hub.ts'

const path = '/v1/adresregister/leveringen'
const header = 'postcode;huisnummer;huisletter;huisnummertoevoeging;nummeraanduiding;gemeentecode'
const first = [
  header,
  '8101AA;10;A;2;0177200000000001;0177',
  '8101AA;12;;;;177',
  ';14;;;;0177',
  '7607ZZ;1;;;;'
]
const second = [header, '8101AA;10;B;;0177200000000009;0177']

async function openHub(t: Test, options = {}) {
  const hub = await openTestHub(t, options)
  const find = (...vragen: [postcode: string, huisnummer: number][]) =>
    hub.database.as({ duty: 'signaalpartner' }, (tx) =>
      findRegisteradressen(
        tx,
        vragen.map(([postcode, huisnummer]) => ({ postcode, huisnummer }))
      )
    )
  const register = async () => (await hub.beheer.get('/v1/adresregister')).json()
  return { hub, find, register }
}

/** Opens a load over a real connection; `lines` writes one address per number. */
async function openLoad(hub: TestHub, url: string, headers: Record<string, string> = {}) {
  const load = beginDelivery(url, hub.beheer.token, { 'content-type': 'text/csv', ...headers }, path)
  load.write(`${header}\n`)
  return { load, writeLines: (from: number, to: number) => load.write(numbers(from, to)) }
}

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => `8101AA;${from + n};;;;0177\n`).join('')

async function countReads(tx: Tx) {
  const { rows } = await sql<{ scans: number; lookups: number }>`
    select sum(seq_scan)::int as scans, sum(idx_scan)::int as lookups from pg_stat_xact_user_tables
    where relname ~ '^adresregister_([ab]|postcode_[ab])$'`.execute(tx)
  return rows[0]!
}

async function until(holds: () => Promise<boolean>) {
  while (!(await holds())) await sleep(20)
}

t.test('nothing is known before the first load', async (t) => {
  const { find, register } = await openHub(t)
  t.same(await find(['8101AA', 10]), { versie: 0, adressen: [], postcodes: [] })
  const empty = { aantalAdressen: 0, aantalPostcodes: 0, aantalGemeenten: 0, onbekendeGemeenten: [] }
  t.same(await register(), empty)
})

t.test('a load answers with its counts, and is what everybody reads from then on', async (t) => {
  const { hub, find, register } = await openHub(t)
  const answer = await loadRegister(hub.beheer, first)
  t.equal(answer.statusCode, 201, answer.body)
  const { id: _, aantalRegels, aantalOvergeslagen, ...held } = answer.json()
  t.same(held, {
    bron: 'bag',
    geladenOp: '2026-11-20T09:00:00.000Z',
    aantalAdressen: 3,
    aantalPostcodes: 2,
    aantalGemeenten: 1,
    onbekendeGemeenten: []
  })
  t.same([aantalRegels, aantalOvergeslagen], [4, 1])
  t.same(await register(), held)
  const { versie, adressen, postcodes } = await find(
    ['8101AA', 10],
    ['8101AA', 10],
    ['7607ZZ', 1],
    ['9999ZZ', 1]
  )
  t.equal(versie, 1)
  t.same(
    adressen.toSorted((a, b) => a.huisnummer - b.huisnummer),
    [
      { postcode: '7607ZZ', huisnummer: 1, aanduiding: '', nummeraanduiding: '' },
      { postcode: '8101AA', huisnummer: 10, aanduiding: 'A2', nummeraanduiding: '0177200000000001' }
    ]
  )
  t.same(
    postcodes.toSorted((a, b) => (a.postcode < b.postcode ? -1 : 1)),
    [
      { postcode: '7607ZZ', gemeentecode: '' },
      { postcode: '8101AA', gemeentecode: '0177' }
    ]
  )

  t.equal((await loadRegister(hub.beheer, second)).json().aantalAdressen, 1)
  const after = await find(['8101AA', 10], ['8101AA', 12], ['7607ZZ', 1])
  t.same([after.versie, after.adressen.map(({ aanduiding }) => aanduiding)], [2, ['B']])
  t.same(after.postcodes, [{ postcode: '8101AA', gemeentecode: '0177' }])
  t.equal((await loadRegister(hub.beheer, first)).json().aantalAdressen, 3, 'the first side again')
  t.equal((await find(['8101AA', 12])).adressen.length, 1)
})

t.test(
  'every duty that weighs addresses finds them, no other does, and nobody reads by scanning',
  async (t) => {
    const { hub } = await openHub(t)
    await loadRegister(hub.beheer, first)
    for (const duty of [
      'signaalpartner',
      'gemeente',
      'afhandelaar',
      'doorzender',
      'herindeler',
      'herleider',
      'beheer'
    ] as const) {
      const { adressen } = await hub.database.as({ duty }, (tx) =>
        findRegisteradressen(tx, [{ postcode: '8101AA', huisnummer: 10 }])
      )
      t.equal(adressen.length, 1, duty)
    }
    for (const duty of ['toegang', 'matcher', 'vernietiger'] as const) {
      await t.rejects(
        hub.database.as({ duty }, (tx) => findRegisteradressen(tx, [])),
        { code: '42501' }
      )
    }
    const many = Array.from({ length: 500 }, (_, n) => ({ postcode: '8101AA', huisnummer: n + 1 }))
    await hub.database.as({ duty: 'signaalpartner' }, async (tx) => {
      const before = await countReads(tx)
      await findRegisteradressen(tx, many)
      const { scans, lookups } = await countReads(tx)
      t.same([scans - before.scans, lookups - before.lookups], [0, 501])
    })
  }
)

t.test('the same file with gzip, in windows-1252, and with names of municipalities', async (t) => {
  const { hub } = await openHub(t)
  await hub.gemeente('1900', 'Súdwest-Fryslân')
  const text = `postcode;huisnummer;gemeente\n8601AA;1;SÚDWEST-FRYSLÂN\n8601AA;2;Elders\n`
  const packed = await loadRegister(hub.beheer, gzipSync(text), { 'content-encoding': 'gzip' })
  t.match(packed.json(), {
    bron: 'cbs',
    aantalAdressen: 2,
    aantalGemeenten: 1,
    onbekendeGemeenten: ['Elders']
  })
  const latin = await loadRegister(hub.beheer, Buffer.from(text, 'latin1'), {
    'content-type': 'text/csv; charset=windows-1252'
  })
  t.match(latin.json(), { aantalGemeenten: 1, onbekendeGemeenten: ['Elders'] })
  const unnamed = await loadRegister(hub.beheer, Buffer.from(text, 'latin1'))
  t.same([unnamed.statusCode, unnamed.json().errors[0].code], [400, 'encoding'])
  const utf16 = await loadRegister(hub.beheer, Buffer.from(`\uFEFF${text}`, 'utf16le'))
  t.match(utf16.json(), { aantalGemeenten: 1, onbekendeGemeenten: ['Elders'] })
})

t.test('a file that is wrong is refused, and the register in use stays', async (t) => {
  const { hub, find, register } = await openHub(t)
  await loadRegister(hub.beheer, first)
  const before = await register()
  const gzip = { 'content-encoding': 'gzip' }
  for (const [file, headers, status, code] of [
    [[header, '8101AA;1;;;;0177', 'x;1;;;;0177'], {}, 400, 'pattern'],
    [['naam', 'x'], {}, 400, 'required'],
    [[], {}, 400, 'required'],
    [[header, ';1;;;;0177'], {}, 400, 'minItems'],
    [[`${header}\u0000`, '8101AA;1;\u0000;;;0177'], {}, 400, 'pattern'],
    [gzipSync(first.join('\n')).subarray(0, 60), gzip, 400, 'gzip'],
    [first, gzip, 400, 'gzip'],
    [first, { 'content-encoding': 'br' }, 415, undefined],
    [first, { 'content-type': 'application/json' }, 415, undefined],
    [first, { 'content-type': 'text/csv; charset=klingon' }, 415, undefined]
  ] as const) {
    const answer = await loadRegister(hub.beheer, file, headers as Record<string, string>)
    t.equal(answer.statusCode, status, answer.body)
    t.equal(answer.json().errors?.[0]?.code, code)
  }
  t.same(await register(), before)
  t.match(await find(['8101AA', 12]), { versie: 1, adressen: [{ postcode: '8101AA' }] })
  t.equal((await loadRegister(hub.beheer, second)).statusCode, 201, 'and the next load works')
})

t.test('the same key: the same file is not loaded again, another is refused', async (t) => {
  const { hub, find } = await openHub(t)
  const key = { 'idempotency-key': 'register-2026-11' }
  const loaded = await loadRegister(hub.beheer, first, key)
  const again = await loadRegister(hub.beheer, first, key)
  t.same([again.statusCode, again.json()], [201, loaded.json()])
  t.equal(again.headers['idempotency-replayed'], 'true')
  const packed = gzipSync(`${first.join('\n')}\n`)
  t.equal((await loadRegister(hub.beheer, packed, { ...key, 'content-encoding': 'gzip' })).statusCode, 201)
  const other = await loadRegister(hub.beheer, second, key)
  t.same([other.statusCode, other.json().type], [422, '/v1/problemen/idempotentie-conflict'])
  t.match(await find(['8101AA', 10]), { versie: 1, adressen: [{ aanduiding: 'A2' }] })
  t.equal((await hub.admin('select from adresregister_levering')).length, 1)
  const wrong = { 'idempotency-key': 'fout' }
  t.equal((await loadRegister(hub.beheer, ['naam'], wrong)).statusCode, 400)
  t.equal((await loadRegister(hub.beheer, second, wrong)).statusCode, 201, 'a refusal is not remembered')
})

t.test(
  'while a load runs: its progress shows, a second one is refused, everybody reads the old one',
  async (t) => {
    const { hub, find, register } = await openHub(t)
    await loadRegister(hub.beheer, first)
    const url = await listen(hub)
    const { load, writeLines } = await openLoad(hub, url)
    writeLines(1, 5_001)
    await until(async () => ((await register()).levering?.aantalRegels ?? 0) >= 4_000)
    t.match(await register(), { aantalAdressen: 3, levering: { begonnenOp: '2026-11-20T09:00:00.000Z' } })
    t.match(await find(['8101AA', 10], ['8101AA', 4]), { versie: 1, adressen: [{ aanduiding: 'A2' }] })
    const other = await loadRegister(hub.beheer, second)
    t.same([other.statusCode, other.json().type], [409, '/v1/problemen/toestand-staat-dit-niet-toe'])
    t.equal((await load.end()).json.aantalAdressen, 5_000)
    t.notOk((await register()).levering)
    t.match(await find(['8101AA', 10], ['8101AA', 4]), { versie: 2, adressen: { length: 2 } })
  }
)

t.test('a broken connection leaves the old register, and the next load works at once', async (t) => {
  const { hub, find, register } = await openHub(t)
  await loadRegister(hub.beheer, first)
  const { load, writeLines } = await openLoad(hub, await listen(hub), { 'idempotency-key': 'afgebroken' })
  writeLines(1, 9_001)
  await until(async () => ((await register()).levering?.aantalRegels ?? 0) >= 8_000)
  load.cut()
  await t.rejects(load.reply)
  await until(async () => (await register()).levering === undefined)
  t.match(await find(['8101AA', 4]), { versie: 1, adressen: { length: 0 } })
  const next = await loadRegister(hub.beheer, second, { 'idempotency-key': 'afgebroken' })
  t.same([next.statusCode, next.json().aantalAdressen], [201, 1])
})

t.test('a register may take longer to come in than any other request, which is 408', async (t) => {
  const { hub } = await openHub(t)
  await hub.gemeente('0177')
  const partner = await hub.signaalpartner(['huur'], ['0177'])
  const url = await listen(hub)
  hub.app.server.requestTimeout = 1_000
  const { load, writeLines } = await openLoad(hub, url)
  const delivery = beginDelivery(url, partner.token)
  writeLines(1, 10)
  // The server looks every two seconds.
  t.equal((await delivery.reply).status, 408)
  writeLines(10, 20)
  const { status, headers, json } = await load.end()
  t.same([status, json.aantalAdressen, headers.connection], [201, 19, 'close'])
})

t.test('a load without sign of life for a minute is taken over, and then stops', async (t) => {
  const { hub, find } = await openHub(t)
  const { load, writeLines } = await openLoad(hub, await listen(hub))
  writeLines(1, 4_001)
  await until(async () => {
    const { levering } = (await hub.beheer.get('/v1/adresregister')).json()
    return (levering?.aantalRegels ?? 0) >= 4_000
  })
  hub.setClock('2026-11-20T09:00:59Z')
  t.equal((await loadRegister(hub.beheer, second)).statusCode, 409)
  hub.setClock('2026-11-20T09:01:01Z')
  t.notOk((await hub.beheer.get('/v1/adresregister')).json().levering)
  t.equal((await loadRegister(hub.beheer, second)).statusCode, 201)
  t.equal((await load.end(numbers(4_001, 4_101))).status, 409)
  const { versie, adressen } = await find(['8101AA', 10], ['8101AA', 11])
  t.same([versie, adressen.map(({ aanduiding }) => aanduiding)], [1, ['B']])
})

t.test(
  'a load waits for who still reads the side that it empties; readers of the other side do not matter',
  async (t) => {
    const { hub, find } = await openHub(t)
    await loadRegister(hub.beheer, first)
    const reading = Promise.withResolvers<void>()
    const mayEnd = Promise.withResolvers<void>()
    const delivery = hub.database.as({ duty: 'signaalpartner' }, async (tx) => {
      await findRegisteradressen(tx, [{ postcode: '8101AA', huisnummer: 10 }])
      reading.resolve()
      await mayEnd.promise
    })
    await reading.promise
    t.equal((await loadRegister(hub.beheer, second)).statusCode, 201, 'the other side')
    const waiting = loadRegister(hub.beheer, first)
    t.equal(await Promise.race([waiting.then(() => 'loaded'), sleep(2_500, 'waiting')]), 'waiting')
    t.match(await find(['8101AA', 10]), { adressen: [{ aanduiding: 'B' }] }, 'meanwhile it is read')
    mayEnd.resolve()
    await delivery
    t.equal((await waiting).statusCode, 201)
  }
)

t.test('a refusal reaches whoever is still sending', async (t) => {
  const { hub, register } = await openHub(t)
  const url = await listen(hub)
  const many = Buffer.from(numbers(1, 90_000).repeat(3))
  for (const [opening, headers] of [
    ['naam;plaats\n', {}],
    [`${header}\n${'x;1;;;;0177\n'.repeat(100)}`, {}],
    [gzipSync('naam;plaats\n'), { 'content-encoding': 'gzip' }]
  ] as const) {
    const load = beginDelivery(url, hub.beheer.token, { 'content-type': 'text/csv', ...headers }, path)
    load.write(opening)
    t.equal((await load.end(many)).status, 400)
  }
  t.notOk((await register()).levering, 'and the next load may begin')
  t.equal((await loadRegister(hub.beheer, second)).statusCode, 201)
})
