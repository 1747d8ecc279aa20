import t, { type Test } from 'tap'
import { made, openStage, signalen } from '../zaken/zaak-stage.ts'

const verify = '/v1/vernietigingen/_verifieer'

/** Five destructions in one municipality and one in another. */
async function openChains(t: Test) {
  const stage = await openStage(t)
  const { hub, huur, send } = stage
  for (let huisnummer = 1; huisnummer <= 5; huisnummer += 1) {
    const id = await send(huur, huisnummer)
    made(await huur.post(`${signalen}/${id}/intrekkingen`, { reden: 'foutief' }))
  }
  const elsewhere = await send(huur, 9, {
    gemeentecode: '1773',
    adres: { postcode: '8121AA', woonplaats: 'Olst' }
  })
  made(await huur.post(`${signalen}/${elsewhere}/intrekkingen`, { reden: 'foutief' }))
  // What the database itself forbids, somebody with the rights of its owner may still do.
  const change = (query: string) => hub.admin(query)
  const rows = await hub.admin<{ id: string }>(
    `select id from vernietiging where gemeentecode = '0177' order by volgnummer`
  )
  return { ...stage, change, ids: rows.map(({ id }) => id) }
}

t.test('a chain that nobody touched is complete, for each who may see it', async (t) => {
  const { hub, raalte, olst, huur } = await openChains(t)
  t.same((await raalte.get(verify)).json(), { volledig: true, aantal: 5 })
  t.same((await raalte.get(`${verify}?gemeentecode=0177`)).json(), { volledig: true, aantal: 5 })
  t.same((await olst.get(verify)).json(), { volledig: true, aantal: 1 })
  t.equal((await olst.get(`${verify}?gemeentecode=0177`)).statusCode, 404)
  t.same((await hub.beheer.get(verify)).json(), { volledig: true, aantal: 6 })
  t.same((await hub.beheer.get(`${verify}?gemeentecode=1773`)).json(), { volledig: true, aantal: 1 })
  t.equal((await huur.get(verify)).statusCode, 403)
})

const tampering: Record<string, [query: string, fault: object]> = {
  'a changed count': [
    `update vernietiging set aantal_vroegsignalen = 2 where gemeentecode = '0177' and volgnummer = 3`,
    { volgnummer: 3, fout: 'gegevens-gewijzigd' }
  ],
  'another moment': [
    `update vernietiging set uitgevoerd_op = uitgevoerd_op + interval '1 day' where gemeentecode = '0177' and volgnummer = 1`,
    { volgnummer: 1, fout: 'gegevens-gewijzigd' }
  ],
  'a changed statement': [
    `update vernietiging set bewijs = replace(bewijs, '.', '.e') where gemeentecode = '0177' and volgnummer = 2`,
    { volgnummer: 2, fout: 'bewijs-ongeldig' }
  ],
  'the statement of another record': [
    `update vernietiging v set bewijs = w.bewijs from vernietiging w
     where v.gemeentecode = '0177' and v.volgnummer = 2 and w.gemeentecode = '0177' and w.volgnummer = 4`,
    { volgnummer: 2, fout: 'gegevens-gewijzigd' }
  ],
  'a record that is gone': [
    `delete from vernietiging where gemeentecode = '0177' and volgnummer = 3`,
    { volgnummer: 3, fout: 'ontbreekt' }
  ],
  'the first that is gone': [
    `delete from vernietiging where gemeentecode = '0177' and volgnummer = 1`,
    { volgnummer: 1, fout: 'ontbreekt' }
  ],
  'one that is gone, and the rest renumbered': [
    `delete from vernietiging where gemeentecode = '0177' and volgnummer = 3;
     update vernietiging set volgnummer = volgnummer - 1 where gemeentecode = '0177' and volgnummer = 4;
     update vernietiging set volgnummer = volgnummer - 1 where gemeentecode = '0177' and volgnummer = 5`,
    { volgnummer: 3, fout: 'gegevens-gewijzigd' }
  ]
}
for (const [what, [query, fault]] of Object.entries(tampering)) {
  t.test(`found: ${what}`, async (t) => {
    const { hub, raalte, change } = await openChains(t)
    await change(query)
    const found = (await raalte.get(verify)).json()
    t.match(found, { volledig: false, eersteFout: { gemeentecode: '0177', ...fault } })
    t.equal(found.aantal, found.eersteFout.volgnummer - 1)
    t.match((await hub.beheer.get(verify)).json(), { volledig: false }, 'also among the others')
  })
}
