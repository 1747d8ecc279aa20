import type { Huishouden as Wire } from '../../src/huishoudens/huishouden-schema.ts'
import { expect } from './expect.ts'
import type { Stage } from './open-stage.ts'
import { gemeenten } from './participants.ts'
import type { Afloop } from './post-month.ts'

/** A household as the API returns it. */
export type Huishouden = Wire

const pageSize = 200

/** Reads every household as each municipality, and compares them with the signals that were sent. */
export async function pullHouseholds(stage: Stage, opgenomen: readonly Afloop[]): Promise<Huishouden[]> {
  const all: Huishouden[] = []
  let pages = 0
  for (const { gemeentecode } of gemeenten) {
    const party = await stage.as(gemeentecode)
    const pulled = await party.all(`/v1/huishoudens?expand=beoordeling&limit=${pageSize}`)
    const own = pulled.items.every((one) => one.gemeentecode === gemeentecode)
    if (!own) expect(false, `${gemeentecode} ziet alleen eigen huishoudens`)
    all.push(...pulled.items)
    pages += pulled.pages
  }
  checkComplete(all, opgenomen, pages)
  checkMatches(all, opgenomen)
  checkOrder(all)
  return all
}

function checkComplete(all: readonly Huishouden[], opgenomen: readonly Afloop[], pages: number): void {
  const seen = all.flatMap(({ vroegsignalen }) => vroegsignalen.map(({ id }) => id))
  const sent = new Set(opgenomen.map(({ id }) => id))
  expect(
    seen.length === sent.size && seen.every((id) => sent.has(id)),
    `de gemeenten halen ${all.length} huishoudens op in ${pages} bladzijden (Link); elk opgenomen signaal staat er precies één keer in`,
    `${seen.length} signalen in de lijsten, ${sent.size} opgenomen`
  )
}

/** Computes the match kinds again from the sent signals alone, and compares them. */
function checkMatches(all: readonly Huishouden[], opgenomen: readonly Afloop[]): void {
  const perAddress = Map.groupBy(opgenomen, ({ gemeentecode, signaal }) => keyOf(gemeentecode, signaal.adres))
  const wrong = all.filter(({ gemeentecode, adres, matchsoorten }) => {
    const sent = perAddress.get(keyOf(gemeentecode, adres)) ?? []
    return expectedMatches(sent) !== [...matchsoorten].sort().join()
  })
  expect(
    wrong.length === 0 && all.length === perAddress.size,
    'elke matchsoort is die van de landelijke monitor, ook bij anders geschreven adressen',
    `${wrong.length} huishoudens wijken af; ${perAddress.size} adressen`
  )
}

function expectedMatches(sent: readonly Afloop[]): string {
  const perMonth = Map.groupBy(sent, ({ signaal }) => signaal.signaaldatum.slice(0, 7))
  const isMeervoudig = [...perMonth.values()].some(
    (one) => new Set(one.map(({ partner }) => partner)).size > 1
  )
  // All months of the demo lie within six months, so any two of them count as opeenvolgend.
  const kinds = [...(isMeervoudig ? ['meervoudig'] : []), ...(perMonth.size > 1 ? ['opeenvolgend'] : [])]
  return kinds.length === 0 ? 'enkelvoudig' : kinds.join()
}

function checkOrder(all: readonly Huishouden[]): void {
  // Nothing has been taken up yet.
  const keys = all.map(({ gemeentecode, crisis, jongere, reactiedatum }) => ({
    gemeentecode,
    need: `${crisis ? 0 : jongere ? 1 : 2} ${reactiedatum}`
  }))
  const isOrdered = keys.every(({ gemeentecode, need }, index) => {
    const before = keys[index - 1]
    return before?.gemeentecode !== gemeentecode || before.need <= need
  })
  expect(isOrdered, 'hoogste nood eerst: crisis, dan een jongere, en daarbinnen de vroegste reactiedatum')
}

type Plaats = { postcode: string; huisnummer: number; huisletter?: string; huisnummertoevoeging?: string }

function keyOf(gemeentecode: string, adres: Plaats): string {
  const { postcode, huisnummer, huisletter = '', huisnummertoevoeging = '' } = adres
  const parts = [gemeentecode, postcode.replace(' ', ''), huisnummer, huisletter, huisnummertoevoeging]
  return parts.join('|').toUpperCase()
}
