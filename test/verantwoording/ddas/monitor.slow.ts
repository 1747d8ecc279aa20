import t from 'tap'
import { ddasSignaalpartnerVan } from '../../../src/begrippen/ddas.ts'
import { aanvaardeHulp, eindresultaatlijst, gevolgVan } from '../../../src/begrippen/eindresultaat.ts'
import { sectoren } from '../../../src/begrippen/vroegsignaal.ts'
import { underDuty } from '../../../src/platform/database/under-duty.ts'
import { listMonitorcijfers } from '../../../src/sporen/monitor-store.ts'
import { close, made, openStage, reach, type Stage, signalen } from '../../zaken/zaak-stage.ts'
import { askGegevens, contentsOf, type Gegevens } from './ask-gegevens.ts'

t.setTimeout(240_000)

const november = { aanleverperiodeStartdatum: '2026-11-01', aanleverperiodeEinddatum: '2026-11-30' }
const help: readonly string[] = aanvaardeHulp.map((resultaat) => gevolgVan(resultaat).ddas)
const notTakenUp: readonly string[] = [
  'Nog niet opgepakt',
  ...eindresultaatlijst
    .filter((resultaat) => gevolgVan(resultaat).status === 'niet-opgepakt')
    .map((resultaat) => gevolgVan(resultaat).ddas)
]
// What leaves signals to be delivered.
const lasting = eindresultaatlijst.filter(
  (resultaat) => gevolgVan(resultaat).vernietiging === 'bewaartermijn'
)

/** A month of signals on forty addresses by six partners, with a case on half of them. */
async function openMonth(t: Parameters<typeof openStage>[0]) {
  const stage = await openStage(t, { now: '2026-11-02T09:00:00Z' })
  const { hub, raalte, send, openAt } = stage
  const partners = []
  for (const sector of sectoren) partners.push(await stage.partner(sector))
  const huisnummerOf = new Map<string, number>()
  let turn = 0
  for (const day of ['2026-11-02', '2026-11-11', '2026-11-25']) {
    hub.setClock(`${day}T09:00:00Z`)
    for (let nr = 0; nr < 30; nr += 1) {
      turn += 1
      const huisnummer = ((turn * 7) % 40) + 1
      const adres = { adres: { huisnummer }, betrokkene: { naam: { voorletters: 'T.' } } }
      huisnummerOf.set(await send(partners[(turn * 5) % partners.length]!, huisnummer, adres), huisnummer)
    }
  }
  hub.setClock('2026-11-28T09:00:00Z')
  const taken = [...new Set(huisnummerOf.values())].slice(0, 20)
  for (const [index, huisnummer] of taken.entries()) {
    const zaak = await openAt(huisnummer)
    if (index % 3 === 0) await reach(raalte, zaak.id)
    if (index % 4 === 3) continue
    const resultaat = lasting[index % lasting.length]!
    const closed = await close(raalte, zaak.id, { resultaat, datum: '2026-11-28' })
    t.equal(closed.statusCode, 200, `${resultaat}: ${closed.body}`)
  }
  return { ...stage, huisnummerOf }
}

/** The figures of the month, before small ones are kept back. */
async function monitorOf({ hub }: Pick<Stage, 'hub'>) {
  const maanden = { van: '2026-11-01', totEnMet: '2026-11-30' }
  return hub.hub.database.as({ duty: 'gemeente', gemeentecodes: ['0177'] }, (tx) =>
    underDuty(tx, 'teller', () => listMonitorcijfers(tx, ['0177'], maanden, aanvaardeHulp))
  )
}

/** The same, counted from what is delivered; only on which address a signal is, it does not say where it has a number. */
function recount(gegevens: Gegevens, huisnummerOf: ReadonlyMap<string, number>) {
  const { signalen: delivered, zaken } = contentsOf(gegevens)
  const homes = (ids: readonly string[]) => new Set(ids.map((id) => huisnummerOf.get(id))).size
  const inCases = (isWanted: (zaak: (typeof zaken)[number]) => boolean) =>
    homes(zaken.filter(isWanted).flatMap(({ vroegsignalen }) => vroegsignalen.map(({ ID }) => ID)))
  return {
    signalen: delivered.length,
    huishoudens: homes(delivered.map(({ ID }) => ID)),
    opgepakt: homes(delivered.filter(({ status }) => !notTakenUp.includes(status)).map(({ ID }) => ID)),
    bereikt: inCases(({ contactpogingen }) => contactpogingen.some(({ bereikt }) => bereikt)),
    hulpAanvaard: inCases(({ resultaat }) => resultaat !== undefined && help.includes(resultaat))
  }
}

t.test('the monitor and the delivery count the same month alike', async (t) => {
  const month = await openMonth(t)
  const { raalte, huisnummerOf } = month
  const gegevens = await askGegevens(t, raalte, november)
  const cijfers = await monitorOf(month)
  const together = cijfers.find(({ sector }) => sector === '')!
  t.match(together, recount(gegevens, huisnummerOf))
  t.equal(together.signalen, 90)
  t.ok(together.opgepakt > 5 && together.bereikt > 5 && together.hulpAanvaard >= 1)

  const perPartner = Map.groupBy(contentsOf(gegevens).signalen, ({ signaalpartner }) => signaalpartner.type)
  for (const [type, ofOne] of perPartner) {
    const counted = cijfers.filter(({ sector }) => sector !== '' && ddasSignaalpartnerVan[sector] === type)
    t.equal(
      ofOne.length,
      counted.reduce((sum, { signalen: n }) => sum + n, 0),
      type
    )
  }
  const published = (await raalte.get('/v1/monitor?van=2026-11&totEnMet=2026-11')).json().cijfers[0]
  t.match(published, { signalen: together.signalen, opgepakt: together.opgepakt })
})

t.test('what is destroyed only the monitor still counts, what was withdrawn neither does', async (t) => {
  const month = await openMonth(t)
  const { hub, raalte, huur, send, openAt, huisnummerOf } = month
  const unwanted = await send(huur, 50)
  await close(raalte, (await openAt(50)).id, { resultaat: 'geen-hulp-gewenst', datum: '2026-11-28' })
  const wrong = await send(huur, 51)
  made(await huur.post(`${signalen}/${wrong}/intrekkingen`, { reden: 'foutief' }))
  await hub.sweep()
  const counted = recount(await askGegevens(t, raalte, november), huisnummerOf)
  const together = (await monitorOf(month)).find(({ sector }) => sector === '')!
  t.match(together, {
    ...counted,
    signalen: counted.signalen + 1,
    huishoudens: counted.huishoudens + 1,
    opgepakt: counted.opgepakt + 1
  })
  t.ok(unwanted)

  hub.setClock('2027-06-01T09:00:00Z')
  while ((await hub.sweep()) > 0);
  t.equal(contentsOf(await askGegevens(t, raalte, november)).signalen.length, 0)
  const kept = (await monitorOf(month)).find(({ sector }) => sector === '')
  t.same(kept, together, 'the figures outlive the data')
})
