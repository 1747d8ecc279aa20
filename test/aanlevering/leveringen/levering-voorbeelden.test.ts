import { readFile } from 'node:fs/promises'
import t from 'tap'
import { sectoren } from '../../../src/begrippen/vroegsignaal.ts'
import { openTestHub } from '../../helpers/test-hub.ts'
import { deliver, linesOf } from './deliveries.ts'

const example = (name: string) => readFile(new URL(`../../../openapi/voorbeelden/${name}`, import.meta.url))

t.test('the worked examples hold one signal per sector, and every line of both is taken in', async (t) => {
  const hub = await openTestHub(t, { now: '2026-11-25T09:00:00Z' })
  const raalte = await hub.gemeente('0177')
  const partner = await hub.signaalpartner(sectoren, ['0177'])
  const forms = { 'aanlevering.csv': 'text/csv', 'aanlevering.ndjson': 'application/x-ndjson' }
  for (const [name, form] of Object.entries(forms)) {
    const answer = await deliver(partner, await example(name), form)
    t.match(answer.json(), { aantalRegels: sectoren.length, aantalAfgewezen: 0, redenen: [] }, name)
    for (const { vroegsignaalId } of await linesOf(partner, answer.json().id)) {
      const { beoordeling } = (await partner.get(`/v1/vroegsignalen/${vroegsignaalId}`)).json()
      const warned = beoordeling.criteria.filter(
        ({ uitkomst }: { uitkomst: string }) => uitkomst === 'waarschuwing'
      )
      t.same(warned, [], 'without a warning')
    }
  }
  const signals = (await raalte.get('/v1/vroegsignalen')).json().resultaten
  const sent = signals.map(({ sector }: { sector: string }) => sector).sort()
  t.same(sent, [...sectoren].sort(), 'both files say the same: the second changes nothing')
  const withBsn = signals.filter(
    ({ betrokkene }: { betrokkene: object }) => 'burgerservicenummer' in betrokkene
  )
  t.match(withBsn, [{ sector: 'zorgverzekering', betrokkene: { burgerservicenummer: '999990019' } }])
  t.equal(withBsn.length, 1)
})
