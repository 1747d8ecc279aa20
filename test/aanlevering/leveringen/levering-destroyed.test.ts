import t from 'tap'
import { placeOfPart } from '../../../src/aanlevering/leveringen/read-verslag.ts'
import { unsealFor } from '../../../src/platform/crypto/seal-row.ts'
import { aSignal } from '../../helpers/builders.ts'
import { openTestHub, type TestHub } from '../../helpers/test-hub.ts'
import { close, openStage } from '../../zaken/zaak-stage.ts'
import { deliver, linesOf, ndjson } from './deliveries.ts'

const signalen = '/v1/vroegsignalen'
const referenties = ['BLIJFT', 'GEWIST', 'INGETROKKEN', 'ONTERECHT', 'GEEN-HULP', 'TERMIJN', 'HULP']

const homeOf = (referentie: string) => 1 + referenties.indexOf(referentie)
const signalOf = (referentie: string) =>
  aSignal({ referentie, klantnummer: referentie, adres: { huisnummer: homeOf(referentie) } })

/** Every text that the reports still hold, opened as the hub would. */
async function keptIn(hub: TestHub): Promise<string> {
  const rows = await hub.admin<{
    signaalpartner_id: string
    aanlevering_id: string
    van_regel: number
    dag: string
    inhoud: Buffer
  }>('select *, vernietigingsdatum::text as dag from aanlevering_deel')
  const keys = await hub.keys.findDataKeys(rows.map(({ dag }) => dag))
  const texts = rows.map(({ signaalpartner_id, aanlevering_id, van_regel, dag, inhoud }) => {
    const place = placeOfPart({
      signaalpartnerId: signaalpartner_id,
      aanleveringId: aanlevering_id,
      vanRegel: van_regel
    })
    return unsealFor(keys.get(dag)!, place, inhoud)
  })
  return texts.join()
}

t.test('a report says nothing more of a signal that was destroyed, whatever destroyed it', async (t) => {
  const { hub, raalte, huur, openAt } = await openStage(t)
  const first = await deliver(huur, ndjson(referenties.map(signalOf)))
  const again = await deliver(huur, ndjson(referenties.map(signalOf)))
  const other = await deliver(
    huur,
    ndjson(referenties.map((one) => ({ ...signalOf(one), warmeOverdracht: true })))
  )
  const reports: string[] = [first, again, other].map((answer) => answer.json().id)
  const said = async () => {
    const lines = await Promise.all(reports.map((id) => linesOf(huur, id)))
    return lines.map((report) => report.map(({ referentie, uitkomst }) => `${uitkomst} ${referentie ?? '-'}`))
  }
  const expected = (shown: (referentie: string) => string) =>
    ['opgenomen', 'ongewijzigd', 'afgewezen'].map((uitkomst) =>
      referenties.map((referentie) => `${uitkomst} ${shown(referentie)}`)
    )
  t.same(
    await said(),
    expected((one) => one)
  )
  const idOf = new Map(
    (await linesOf(huur, reports[0]!)).map((line) => [line.referentie!, line.vroegsignaalId!])
  )

  const persoon = { naam: { voorvoegsel: 'van', geslachtsnaam: 'Proefpersoon' } }
  const adres = { postcode: '8101AA', huisnummer: homeOf('GEWIST') }
  t.equal((await raalte.post('/v1/wissingsverzoeken', { ...persoon, adres })).statusCode, 200)
  const withdrawn = await huur.post(`${signalen}/${idOf.get('INGETROKKEN')}/intrekkingen`, {
    reden: 'betaald'
  })
  t.equal(withdrawn.statusCode, 201)
  for (const [referentie, resultaat] of [
    ['ONTERECHT', 'onterecht-signaal'],
    ['GEEN-HULP', 'geen-hulp-gewenst'],
    ['HULP', 'geen-contact']
  ] as const) {
    const zaak = await openAt(homeOf(referentie))
    t.equal((await close(raalte, zaak.id, { resultaat })).statusCode, 200)
  }
  await hub.admin(`update vroegsignaal set vernietigingsdatum = '2026-11-20' where id = $1`, [
    idOf.get('TERMIJN')
  ])
  await hub.sweep()
  t.same(
    (await hub.admin<{ id: string }>('select id from vroegsignaal')).map(({ id }) => id).sort(),
    [idOf.get('BLIJFT'), idOf.get('HULP')].sort()
  )
  const gone = ['GEWIST', 'INGETROKKEN', 'ONTERECHT', 'TERMIJN']
  // Whether no help was wanted is not the partner's to know, so there it hears the same as where nobody was reached.
  t.same(
    await said(),
    expected((one) => (gone.includes(one) ? '-' : one))
  )
  const [line] = (await linesOf(huur, reports[0]!)).filter(({ regel }) => regel === homeOf('GEWIST'))
  t.same(Object.keys(line!).sort(), ['errors', 'regel', 'uitkomst'])
  t.notMatch(await keptIn(hub), new RegExp(referenties.join('|')), 'nor does what is stored')
  t.notOk(hub.logLines.some((logged) => logged.includes('unreadable')))
})

t.test('a line that was rejected keeps its reference: there is no signal to go with', async (t) => {
  const hub = await openTestHub(t)
  await hub.gemeente('0177')
  const huur = await hub.signaalpartner(['huur'], ['0177'])
  const { id } = (await deliver(huur, ndjson([{ ...signalOf('BLIJFT'), sector: 'gas' }]))).json()
  t.match(await linesOf(huur, id), [{ uitkomst: 'afgewezen', referentie: 'BLIJFT' }])
})
