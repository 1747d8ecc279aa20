import { scopesPerRol } from '../../src/begrippen/scopes.ts'
import { expect } from './expect.ts'
import { must, type Party } from './open-party.ts'
import type { Stage } from './open-stage.ts'
import { type DemoPartner, drempel, gemeenten, postcodesOf, signaalpartners } from './participants.ts'

const convenant = { convenantversie: 'LCV 2020', ingangsdatum: '2026-01-01' }

/** Registers all participants. Both sides sign their agreements through the API. */
export async function enrol(stage: Stage): Promise<void> {
  const beheer = await stage.as('beheer')
  await loadRegister(beheer)
  for (const { gemeentecode, naam } of gemeenten) {
    await must(201, beheer.call('POST', '/v1/gemeenten', { gemeentecode, naam }))
    stage.join(gemeentecode, await addClient(beheer, naam, 'gemeente', { gemeentecodes: [gemeentecode] }))
  }
  let agreements = 0
  for (const partner of signaalpartners) agreements += await enrolPartner(stage, beheer, partner)
  const { items } = await beheer.all('/v1/overeenkomsten')
  const active = items.filter(({ status }) => status === 'actief').length
  expect(
    active === agreements,
    `${gemeenten.length} gemeenten en ${signaalpartners.length} signaalpartners; ${agreements} overeenkomsten door beide partijen ondertekend en actief`,
    `${active} actief`
  )
  await setThreshold(await stage.as(drempel.gemeentecode))
}

async function loadRegister(beheer: Party): Promise<void> {
  const lines = gemeenten.flatMap((gemeente) =>
    postcodesOf(gemeente).map((postcode) => `${postcode};1;${gemeente.gemeentecode}`)
  )
  const csv = ['PC6;Huisnummer;Gemeente2026', ...lines].join('\n')
  const { aantalPostcodes } = await must(201, beheer.call('POST', '/v1/adresregister/leveringen', csv))
  expect(aantalPostcodes === lines.length, `adresregister geladen: ${lines.length} verzonnen postcodes`)
}

async function addClient(beheer: Party, naam: string, rol: 'gemeente' | 'signaalpartner', of: object) {
  const body = { naam: `Systeem van ${naam}`, rol, scopes: scopesPerRol[rol], ...of }
  return must(201, beheer.call('POST', '/v1/clients', body))
}

async function enrolPartner(stage: Stage, beheer: Party, partner: DemoPartner): Promise<number> {
  const { code, naam, sectoren, gemeentecodes } = partner
  const { id } = await must(201, beheer.call('POST', '/v1/signaalpartners', { naam, sectoren }))
  stage.join(code, await addClient(beheer, naam, 'signaalpartner', { signaalpartnerId: id }))
  for (const gemeentecode of gemeentecodes) {
    const terms = { signaalpartnerId: id, gemeentecode, sectoren, ...convenant }
    const agreement = await must(201, beheer.call('POST', '/v1/overeenkomsten', terms))
    for (const side of [code, gemeentecode]) await sign(await stage.as(side), agreement.id)
  }
  return gemeentecodes.length
}

async function sign(party: Party, id: string): Promise<void> {
  const signature = { naam: 'T. Tekenbevoegd', functie: 'Gevolmachtigde' }
  await must(201, party.call('POST', `/v1/overeenkomsten/${id}/ondertekeningen`, signature))
}

async function setThreshold(gemeente: Party): Promise<void> {
  const { gemeentecode, sector, bedragInCenten } = drempel
  const path = `/v1/gemeenten/${gemeentecode}`
  const { headers } = await gemeente.call('GET', path)
  const change = { instellingen: { drempelbedragenInCenten: { [sector]: bedragInCenten } } }
  const changed = await must(
    200,
    gemeente.call('PATCH', path, change, { 'if-match': headers.get('etag') ?? '' })
  )
  expect(
    changed.instellingen.drempelbedragenInCenten[sector] === bedragInCenten,
    `gemeente ${gemeentecode} stelt zelf een drempel in van ${bedragInCenten / 100} euro voor ${sector}`
  )
}
