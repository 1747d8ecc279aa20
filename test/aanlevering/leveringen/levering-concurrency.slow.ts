import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { aSignalFor } from '../../helpers/builders.ts'
import { type Answer, openTestHub, type Party } from '../../helpers/test-hub.ts'
import { kept, recounted } from '../../huishoudens/recount.ts'
import { deliver, ndjson } from './deliveries.ts'

const sectors = ['huur', 'elektriciteit', 'gas', 'warmte', 'drinkwater', 'zorgverzekering'] as const
const addresses = 50
const lines = 300
const singles = 12

function nth(partner: number, n: number, kind: string) {
  return aSignalFor(sectors[partner % sectors.length]!, {
    referentie: `${kind}-${n}`,
    klantnummer: `K-${n % 40}`,
    betrokkene: { geboortedatum: n % 7 === 0 ? '2004-01-01' : '1985-06-15' },
    // Each partner visits the addresses in a different order, so deliveries lock them in conflicting orders.
    adres: { huisnummer: 1 + ((n * (2 * partner + 1)) % addresses) },
    achterstand: { bedragInCenten: 10_000 + n }
  })
}

async function untilTaken(party: Party, body: string): Promise<{ answer: Answer; refused: number }> {
  for (let refused = 0; ; refused += 1) {
    const answer = await deliver(party, body, 'application/x-ndjson', { 'idempotency-key': 'maand' })
    if (answer.statusCode !== 503) return { answer, refused }
    await sleep(20)
  }
}

t.test(
  '8 deliveries of 8 partners over the same 50 addresses, with singles beside them: every household is exact',
  async (t) => {
    const hub = await openTestHub(t)
    const raalte = await hub.gemeente('0177')
    const partners = await Promise.all(
      Array.from({ length: 8 }, (_, n) => hub.signaalpartner([sectors[n % sectors.length]!], ['0177']))
    )
    const deliveries = partners.map((party, partner) =>
      untilTaken(party, ndjson(Array.from({ length: lines }, (_, n) => nth(partner, n, 'R'))))
    )
    const posts = partners.flatMap((party, partner) =>
      Array.from({ length: singles }, (_, n) => party.post('/v1/vroegsignalen', nth(partner, n, 'E')))
    )
    const taken = await Promise.all(deliveries)
    for (const { answer } of taken) {
      t.match(answer.json(), { aantalRegels: lines, aantalOpgenomen: lines }, answer.body)
      t.equal(answer.headers['idempotency-replayed'], undefined)
    }
    t.ok(
      taken.some(({ refused }) => refused > 0),
      'some had to wait for a place'
    )
    const statuses = (await Promise.all(posts)).map(({ statusCode }) => statusCode)
    t.same(new Set(statuses), new Set([201]))
    t.notOk(
      hub.logLines.some((line) => /40P01|deadlock/.test(line)),
      'no deadlock'
    )

    const shown = (await raalte.get('/v1/huishoudens?limit=1000')).json().resultaten
    t.equal(shown.length, addresses)
    const total = shown.reduce((sum: number, one: { aantalSignalen: number }) => sum + one.aantalSignalen, 0)
    t.equal(total, 8 * (lines + singles), 'none is missing and none is twice')
    t.same(await kept(hub), await recounted(hub))
  }
)
