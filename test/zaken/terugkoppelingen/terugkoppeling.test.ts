import t from 'tap'
import { addDays } from '../../../src/time.ts'
import { contestVroegsignaal } from '../../../src/zaken/betwistingen/contest-vroegsignaal.ts'
import { aSignal } from '../../helpers/builders.ts'
import { actorOf } from '../../helpers/handeling.ts'
import { openTestHub, type Party, type TestHub } from '../../helpers/test-hub.ts'
import { close, heardOf, made, openStage, put, reach, signalen, untilBlocked, zaken } from '../zaak-stage.ts'
import { linkOf, openWaarnemer, type Waarnemer } from './terugkoppeling-waarnemer.ts'

t.setTimeout(180_000)

type Partner = Party & { id: string }

// What a partner may hear of each result of a case (contract §6).
const heard = {
  budgetadvies: 'hulp-aanvaard',
  'geen-contact': 'afgerond',
  'geen-reactie-na-contact': 'afgerond',
  'bekend-bij-schuldhulpverlening': 'schuldhulpverlening-loopt',
  'ander-lopend-traject': 'afgerond',
  'zelf-betaald': 'afgerond',
  overleden: 'overleden',
  'geen-hulp-gewenst': 'afgerond',
  'andere-reden': 'niet-opgepakt',
  'herhaalde-melding': 'herhaalde-melding',
  'onterecht-signaal': 'onterecht-signaal',
  'geen-inwoner': 'geen-inwoner',
  vervolghulp: 'hulp-aanvaard',
  'vervolghulp-financieel': 'hulp-aanvaard',
  'vervolghulp-niet-financieel': 'afgerond',
  'verwijzing-zonder-inwoner': 'afgerond'
} as const
type Resultaat = keyof typeof heard

// Without help wanted, the first municipality destroys signals at once and the second after five days. The term of the
// second is one month, so it ends while the hub still remembers an Idempotency-Key.
const gemeenten = [
  {
    gemeentecode: '0177',
    instellingen: { geenHulpVernietigenNaDagen: 0, bewaartermijnMaanden: 6 },
    einde: { dag: '2027-05-20', middernacht: '2027-05-19T22:30:00Z' }
  },
  {
    gemeentecode: '1773',
    instellingen: { geenHulpVernietigenNaDagen: 5, bewaartermijnMaanden: 1 },
    einde: { dag: '2026-12-20', middernacht: '2026-12-19T23:30:00Z' }
  }
]

type Leven = {
  readonly gemeentecode: string
  readonly resultaat: Resultaat
  readonly huisnummer: number
  /** Whether another partner signals the same household. */
  readonly heeftBuur: boolean
  readonly waarnemer: Waarnemer
  /** The ids of its case, household and contactpogingen, which no partner may ever see. */
  readonly geheim: string[]
}

t.test('whatever the result, a partner learns the word of the whitelist and nothing more', async (t) => {
  const hub = await openTestHub(t)
  const { levens, gemeente, buur } = await openLives(hub)
  await liveThrough(hub, levens, gemeente, buur)

  const groups = Map.groupBy(levens, (leven) => `${leven.gemeentecode} ${heard[leven.resultaat]}`)

  t.test('two results behind one word cannot be told apart, at any moment, by anything', async (t) => {
    for (const [word, [first, ...others]] of groups) {
      for (const leven of others) {
        const title = `${word}: ${nameOf(leven)} looks like ${nameOf(first!)}`
        t.same(differences(leven.waarnemer.seen, first!.waarnemer.seen), [], title)
      }
    }
  })

  t.test('of what was kept for the partner nothing is left after the term', async (t) => {
    const { dag } = gemeenten[0]!.einde
    for (const table of ['terugkoppeling', 'gemeld_signaal', 'vroegsignaal']) {
      t.same(await hub.admin(`select from ${table} where vernietigingsdatum <= $1`, [dag]), [], table)
    }
  })

  t.test('two different words do look different, so the comparison works', async (t) => {
    const distinct = new Set([...groups.values()].map(([first]) => first!.waarnemer.seen.join('\n')))
    t.equal(distinct.size, groups.size)
  })

  t.test('the feed says the word of each signal, and where help was accepted 30 days of rest', async (t) => {
    for (const leven of levens) {
      const { feeds, ids } = leven.waarnemer
      const [een, twee] = [told(ids[0]!, 'EEN'), told(ids[1]!, 'TWEE')]
      const word = heard[leven.resultaat]
      const rest = word === 'hulp-aanvaard' && { incassopauzeTotEnMet: '2026-12-20' }
      const before = [
        een('opgepakt'),
        twee('opgepakt'),
        een('wenst-geen-contact'),
        twee('wenst-geen-contact')
      ]
      const all = [...before, een('betwist'), een('betwist'), een(word, rest), twee(word, rest)]
      t.same(feeds.get('2026-11-20 opgepakt'), all.slice(0, 5), nameOf(leven))
      t.same(feeds.get('2026-11-20 afgesloten'), all, nameOf(leven))
      if (!isOver(leven)) continue
      t.same(feeds.get('2026-11-25 na de vernietiging'), all, `${nameOf(leven)}, also when it is destroyed`)
      t.same([...feeds.values()].at(-1), [], `${nameOf(leven)}, until its term`)
    }
  })

  t.test(
    'nothing that was read names a result, a household, a case, a match or another partner',
    async (t) => {
      const words = new Set<string>(Object.values(heard))
      const results = Object.keys(heard).filter((resultaat) => !words.has(resultaat))
      const hidden = new RegExp(
        `"(${results.join('|')})"|\\b(huishouden|vroegsignaalza|zaak|zaken|match)|BUUR`,
        'i'
      )
      for (const leven of levens) {
        const all = leven.waarnemer.letters.join('\n')
        t.notOk(hidden.exec(all)?.[0], nameOf(leven))
        const foreign = [...leven.geheim, buur(leven).id].filter((id) => all.includes(id))
        t.same(foreign, [], nameOf(leven))
      }
    }
  )
})

async function openLives(hub: TestHub) {
  const offices = new Map<string, Party>()
  const others = new Map<string, Partner>()
  const levens: Leven[] = []
  for (const { gemeentecode, instellingen } of gemeenten) {
    offices.set(gemeentecode, await hub.gemeente(gemeentecode))
    others.set(gemeentecode, await hub.signaalpartner(['huur'], [gemeentecode]))
    const url = `/v1/gemeenten/${gemeentecode}`
    const set = await hub.beheer.patch(url, { instellingen }, { 'if-match': '*' })
    if (set.statusCode !== 200) throw new Error(set.body)
    for (const { resultaat, heeftBuur } of plannedIn(gemeentecode)) {
      const huisnummer = 100 + levens.length
      const partner = await hub.signaalpartner(['elektriciteit'], [gemeentecode])
      const waarnemer = openWaarnemer(partner, { gemeentecode, adres: { huisnummer } })
      levens.push({ gemeentecode, resultaat, huisnummer, heeftBuur, waarnemer, geheim: [] })
    }
  }
  return {
    levens,
    gemeente: ({ gemeentecode }: Leven) => offices.get(gemeentecode)!,
    buur: ({ gemeentecode }: Leven) => others.get(gemeentecode)!
  }
}

// Every result with a neighbour, and every word once without one. The second municipality only gets the results that
// end as `afgerond`: its settings matter only for those.
function plannedIn(gemeentecode: string): { resultaat: Resultaat; heeftBuur: boolean }[] {
  const results = (Object.keys(heard) as Resultaat[]).filter(
    (resultaat) => gemeentecode === '0177' || heard[resultaat] === 'afgerond'
  )
  const alone = [...Map.groupBy(results, (resultaat) => heard[resultaat])].map(([word, alike]) =>
    word === 'afgerond' ? 'geen-hulp-gewenst' : alike[0]!
  )
  return [
    ...results.map((resultaat) => ({ resultaat, heeftBuur: true })),
    ...alone.map((resultaat) => ({ resultaat, heeftBuur: false }))
  ]
}

/** Plays every step: receipt, case, contact, betwisting, result, the night after, a month, and the end of the term. */
async function liveThrough(
  hub: TestHub,
  levens: readonly Leven[],
  gemeente: (leven: Leven) => Party,
  buur: (leven: Leven) => Partner
): Promise<void> {
  await inTurns(levens, async (leven) => {
    const { waarnemer, huisnummer, gemeentecode, heeftBuur } = leven
    if (heeftBuur) made(await buur(leven).post(signalen, besides(gemeentecode, huisnummer)))
    await waarnemer.send()
    await waarnemer.look('2026-11-20 ontvangen')
    await takeUp(gemeente(leven), leven)
    await waarnemer.look('2026-11-20 opgepakt')
    await waarnemer.respond('2026-11-20 opgepakt', 'vroeg')
    await contest(gemeente(leven), waarnemer)
    await waarnemer.look('2026-11-20 betwist')
  })
  await inTurns(levens, async (leven) => {
    await end(gemeente(leven), leven)
    await lookAndPoke('2026-11-20 afgesloten', leven)
  })
  // Only the lives that ended as `afgerond` go through the nights: only theirs can be destroyed early.
  const over = levens.filter(isOver)
  await throughNight(hub, over, '2026-11-24T23:30:00Z', lookAndPoke)
  hub.setClock('2026-12-18T09:00:00Z')
  await inTurns(levens, async ({ waarnemer }) => {
    await waarnemer.respond('2026-12-18', 'laat')
    await waarnemer.change('2026-12-18', 81_000)
    await waarnemer.withdraw('2026-12-18')
    const again = made(await waarnemer.signalAgain('2026-12-18', '2026-12-18'))
    // A signal that is over still counts as an earlier one. The law requires it, and omitting it would leak the result.
    const order = again.beoordeling.criteria.find(
      ({ criterium }: { criterium: string }) => criterium === 'volgorde-afsluitsignaal'
    )
    if (order.uitkomst !== 'voldaan') throw new Error(`the order: ${order.uitkomst}`)
    await waarnemer.look('2026-12-18')
  })
  for (const { gemeentecode, einde } of gemeenten.toReversed()) {
    const ending = over.filter((leven) => leven.gemeentecode === gemeentecode)
    await throughNight(hub, ending, einde.middernacht, async (moment, leven) => {
      await lookAndPoke(moment, leven)
      await leven.waarnemer.reuse(moment, einde.dag)
    })
  }
}

/** Runs `live` just after midnight, and again after the sweep of that night. */
async function throughNight(
  hub: TestHub,
  levens: readonly Leven[],
  instant: string,
  live: (moment: string, leven: Leven) => Promise<void>
): Promise<void> {
  hub.setClock(instant)
  const day = addDays(instant.slice(0, 10), 1)
  await inTurns(levens, (leven) => live(`${day} voor de vernietiging`, leven))
  await hub.sweep()
  await inTurns(levens, (leven) => live(`${day} na de vernietiging`, leven))
}

async function lookAndPoke(moment: string, { waarnemer }: Leven): Promise<void> {
  await waarnemer.look(moment)
  await waarnemer.poke(moment)
}

const told =
  (vroegsignaalId: string, referentie: string) =>
  (code: string, more: object | false = false) => ({
    vroegsignaalId,
    referentie,
    code,
    op: '2026-11-20T09:00:00.000Z',
    ...more
  })

function besides(gemeentecode: string, huisnummer: number) {
  return aSignal({ gemeentecode, referentie: `BUUR-${huisnummer}`, adres: { huisnummer } })
}

async function takeUp(gemeente: Party, { waarnemer, huisnummer, geheim }: Leven): Promise<void> {
  const adres = { postcode: '8101AA', huisnummer }
  const [huishouden] = (await gemeente.post('/v1/huishoudens/_zoek', { adres })).json().resultaten
  const zaak = made(await gemeente.post(zaken, { huishoudenId: huishouden.id }))
  geheim.push(zaak.id, huishouden.id)
  const contacten = `${zaken}/${zaak.id}/contactpogingen`
  const poging = { soort: 'huisbezoek', datum: '2026-11-20', bereikt: true }
  for (const more of [{}, { wenstGeenContact: true, toestemmingsdatum: '2026-11-20' }]) {
    geheim.push(made(await gemeente.post(contacten, { ...poging, ...more })).id)
  }
  await contest(gemeente, waarnemer)
}

async function contest(gemeente: Party, { ids }: Waarnemer): Promise<void> {
  made(await gemeente.post(`${signalen}/${ids[0]}/betwistingen`, { reden: 'te-klein' }))
}

async function end(gemeente: Party, { resultaat, geheim }: Leven): Promise<void> {
  const answer = await put(gemeente, geheim[0]!, { resultaat, datum: '2026-11-20' }, { 'if-match': '*' })
  if (answer.statusCode !== 200) throw new Error(answer.body)
}

function isOver({ resultaat }: Leven): boolean {
  return heard[resultaat] === 'afgerond'
}

function nameOf({ resultaat, heeftBuur }: Leven): string {
  return heeftBuur ? resultaat : `${resultaat} without a neighbour`
}

/** The two lines at which the lists first differ, cut around the difference. */
function differences(found: readonly string[], wanted: readonly string[]): string[] {
  const at = wanted.findIndex((line, n) => line !== found[n])
  if (at < 0) return found.slice(wanted.length)
  const [one = '', other = ''] = [found[at], wanted[at]]
  const from = Math.max(70, [...other].findIndex((letter, index) => letter !== one[index]) - 60)
  return [one, other].map((line) => `${line.slice(0, 70)} … ${line.slice(from, from + 200)}`)
}

// Works on two at a time, because the hub runs at most two deliveries at once.
async function inTurns(levens: readonly Leven[], work: (leven: Leven) => Promise<unknown>): Promise<void> {
  const waiting = [...levens]
  const worker = async () => {
    for (let leven = waiting.shift(); leven !== undefined; leven = waiting.shift()) await work(leven)
  }
  await Promise.all([worker(), worker()])
}

const feed = '/v1/terugkoppelingen'

/** Everything a reader gets from `url` on, and the address to continue from later. */
async function readOn(partner: Party, url: string) {
  const codes: string[] = []
  let current: string | undefined
  for (let next: string | undefined = url; next !== undefined; ) {
    const answer = await partner.get(next)
    codes.push(...answer.json().resultaten.map(codeAndReference))
    next = linkOf(answer, 'next')
    current = linkOf(answer, 'current')
  }
  return { codes, current: current! }
}

function codeAndReference({ code, referentie }: { code: string; referentie: string }): string {
  return `${referentie} ${code}`
}

t.test(
  'pages of one: each once and in order, each with one link, and the last leads to what comes',
  async (t) => {
    const { raalte, huur, send, openAt } = await openStage(t)
    const empty = await readOn(huur, feed)
    t.same(empty.codes, [])
    for (const [n, referentie] of ['A', 'B', 'C'].entries()) await send(huur, n + 1, { referentie })
    for (const huisnummer of [2, 1, 3]) await openAt(huisnummer)
    const all = ['B opgepakt', 'A opgepakt', 'C opgepakt']
    t.same((await readOn(huur, empty.current)).codes, all, 'also from where there was nothing')
    for (const limit of [1, 2, 3]) {
      const read = await readOn(huur, `${feed}?limit=${limit}`)
      t.same(read.codes, all)
      t.same(
        await readOn(huur, read.current),
        { codes: [], current: read.current },
        'nothing new is nothing twice'
      )
    }
    const last = await readOn(huur, `${feed}?limit=1`)
    const [zaak] = (await raalte.get(`${zaken}?afgesloten=false`)).json().resultaten
    t.equal((await close(raalte, zaak.id, { resultaat: 'overleden' })).statusCode, 200)
    const later = await readOn(huur, last.current)
    t.equal(later.codes.length, 1)
    t.match(later.codes[0], / overleden$/)
  }
)

t.test('a municipality that commits late hides nothing behind a reader', async (t) => {
  const { hub, raalte, olst, huur, send, openAt } = await openStage(t)
  const slow = await send(huur, 1, { referentie: 'LAAT' })
  await send(huur, 2, { referentie: 'VLUG', gemeentecode: '1773' })
  const begun = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const actor = await actorOf(hub, raalte)
  const late = hub.hub.act(actor, async (handeling) => {
    await contestVroegsignaal(handeling, slow, { reden: 'te-klein' })
    begun.resolve()
    await release.promise
  })
  await begun.promise
  let isCommitted = false
  const other = openAt(2, olst).then(() => {
    isCommitted = true
  })
  await untilBlocked(hub)
  const reader = await readOn(huur, `${feed}?limit=1`)
  t.same(reader.codes, [], 'the later number waits with the earlier')
  t.notOk(isCommitted)
  release.resolve()
  await Promise.all([late, other])
  t.same((await readOn(huur, reader.current)).codes, ['LAAT betwist', 'VLUG opgepakt'])
})

t.test('a municipality that fails late leaves no gap and no trace', async (t) => {
  const { hub, raalte, huur, send } = await openStage(t)
  const ids = [await send(huur, 1), await send(huur, 2)]
  const actor = await actorOf(hub, raalte)
  const failed = hub.hub.act(actor, async (handeling) => {
    await contestVroegsignaal(handeling, ids[0]!, { reden: 'te-klein' })
    throw new Error('power cut')
  })
  await t.rejects(failed, { message: 'power cut' })
  made(await raalte.post(`${signalen}/${ids[1]}/betwistingen`, { reden: 'te-klein' }))
  t.same(await numbersOf(hub, huur), [1])
  t.same(await heardOf(huur, ids[0]!), [])
})

t.test(
  'municipalities that close cases of the same partners at once: none fails, no number is missing',
  async (t) => {
    const { hub, raalte, olst, huur, water, send, openAt } = await openStage(t)
    const open: [Party, string][] = []
    for (let huisnummer = 1; huisnummer <= 6; huisnummer += 1) {
      for (const [party, gemeentecode] of [
        [raalte, '0177'],
        [olst, '1773']
      ] as const) {
        // The two partners take turns to be first in a household.
        const order = huisnummer % 2 === 0 ? [huur, water] : [water, huur]
        for (const partner of order) await send(partner, huisnummer, { gemeentecode })
        const { id } = await openAt(huisnummer, party)
        await reach(party, id)
        open.push([party, id])
      }
    }
    const answers = await Promise.all(
      open.map(([party, id]) => put(party, id, { resultaat: 'vervolghulp' }, { 'if-match': '*' }))
    )
    t.same(new Set(answers.map(({ statusCode }) => statusCode)), new Set([200]))
    for (const partner of [huur, water]) {
      t.same(
        await numbersOf(hub, partner),
        Array.from({ length: 24 }, (_, n) => n + 1)
      )
      const { codes } = await readOn(partner, `${feed}?limit=5`)
      t.equal(new Set(codes).size, 24)
      t.equal(codes.filter((code) => code.endsWith('hulp-aanvaard')).length, 12)
    }
  }
)

t.test(
  'a feed is of one partner: nobody else reads it, goes on in it or calls it without the scope',
  async (t) => {
    const { hub, raalte, huur, water, send, openAt } = await openStage(t)
    await send(huur, 1)
    await openAt(1)
    const { current } = await readOn(huur, feed)
    t.equal((await huur.get(current)).statusCode, 200)
    t.match((await water.get(current)).json(), { status: 400, errors: [{ location: 'cursor' }] })
    t.same((await readOn(water, feed)).codes, [])
    t.equal((await raalte.get(feed)).statusCode, 403)
    t.equal((await hub.beheer.get(feed)).statusCode, 403)
    t.equal((await hub.call({ method: 'GET', url: feed })).statusCode, 401)
    const terms = { naam: 'zonder', rol: 'signaalpartner', signaalpartnerId: huur.id }
    const narrow = await hub.client({ ...terms, scopes: ['vroegsignalen:aanleveren', 'vroegsignalen:lezen'] })
    const refused = await narrow.get(feed)
    t.equal(refused.statusCode, 403)
    t.match(refused.headers['www-authenticate'], /insufficient_scope/)
    const wide = await hub.client({ ...terms, scopes: ['terugkoppelingen:lezen'] })
    t.equal(
      (await readOn(wide, feed)).codes.length,
      1,
      'the scope is enough, and each client of the partner reads it'
    )
  }
)

t.test("reading the feed is logged per signal, in the signal's municipality", async (t) => {
  const { hub, huur, send, openAt } = await openStage(t)
  const id = await send(huur, 1)
  await openAt(1)
  await readOn(huur, feed)
  const query = `select gemeentecode, object_id, signaalpartner_id from verwerking where activiteit = 'terugkoppeling-inzien'`
  t.same(await hub.admin(query), [{ gemeentecode: '0177', object_id: id, signaalpartner_id: huur.id }])
})

t.test(
  'what was said of a signal is gone on its day: hidden before the sweep, destroyed by it',
  async (t) => {
    const { hub, raalte, huur, send, openAt } = await openStage(t)
    await send(huur, 1, { referentie: 'EERST' })
    const wrong = await send(huur, 2, { referentie: 'FOUT' })
    hub.setClock('2026-12-20T09:00:00Z')
    await send(huur, 3, { referentie: 'LATER' })
    for (const huisnummer of [1, 2, 3]) await openAt(huisnummer)
    const { current } = await readOn(huur, feed)
    made(await huur.post(`${signalen}/${wrong}/intrekkingen`, { reden: 'foutief' }))
    const rest = ['EERST opgepakt', 'LATER opgepakt']
    t.same(
      (await readOn(huur, `${feed}?limit=1`)).codes,
      rest,
      'what was wrong takes along what was said of it'
    )
    t.equal((await hub.admin('select from terugkoppeling')).length, 2)

    hub.setClock('2027-05-19T21:59:00Z')
    await hub.sweep()
    t.same((await readOn(huur, feed)).codes, rest, 'the evening before')
    hub.setClock('2027-05-19T22:00:00Z')
    t.same((await readOn(huur, `${feed}?limit=1`)).codes, ['LATER opgepakt'], 'the day in Amsterdam')
    await hub.sweep()
    t.same(await numbersOf(hub, huur), [3])
    t.same(await readOn(huur, current), { codes: [], current }, 'a reader goes on where it was')
    const [zaak] = (await raalte.get(zaken)).json().resultaten
    t.equal((await close(raalte, zaak.id, { resultaat: 'geen-contact' })).statusCode, 200)
    t.same((await readOn(huur, current)).codes, ['LATER afgerond'])
  }
)

t.test('feedback is never stored with the reference of the partner in readable form', async (t) => {
  const { hub, huur, send, openAt } = await openStage(t)
  await send(huur, 1, { referentie: 'Pimpelmeeskast' })
  await openAt(1)
  const [row] = await hub.admin<{ tekst: string }>('select f::text as tekst, inhoud from terugkoppeling f')
  t.notMatch(JSON.stringify(row), /Pimpelmeeskast|50696d70656c6d6565736b617374/i)
  t.same((await readOn(huur, feed)).codes, ['Pimpelmeeskast opgepakt'])
})

async function numbersOf(hub: TestHub, { id }: Partner): Promise<number[]> {
  const query = 'select volgnummer::int from terugkoppeling where signaalpartner_id = $1 order by volgnummer'
  return (await hub.admin<{ volgnummer: number }>(query, [id])).map(({ volgnummer }) => volgnummer)
}
