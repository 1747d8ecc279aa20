import { createHash } from 'node:crypto'
import { compactVerify, createLocalJWKSet } from 'jose'
import { expect } from './expect.ts'
import { fetchOpen, must } from './open-party.ts'
import type { Stage } from './open-stage.ts'
import { gemeenten } from './participants.ts'
import type { Afloop } from './post-month.ts'
import { printTable } from './print-table.ts'

type Vernietiging = { gemeentecode: string; aantalVroegsignalen: number; bewijs: string }
type Verklaring = {
  gemeentecode: string
  volgnummer: number
  aantalVroegsignalen: number
  aantalHuishoudens: number
  vernietigingsdatumVan: string
  vernietigingsdatumTotEnMet: string
  idsHash: string
  dagsleutels: { dag: string; vernietigdOp: string }[]
  vorige: string | null
}
type Schakel = { readonly bewijs: string; readonly verklaring: Verklaring; readonly klopt: boolean }

/** Verifies every proof of destruction as an outsider can, with only the JWKS and the proofs. */
export async function verifyProofs(
  stage: Stage,
  opgenomen: readonly Afloop[],
  households: number
): Promise<void> {
  const jwks = createLocalJWKSet(await must(200, fetchOpen(`${stage.url()}/.well-known/jwks.json`)))
  const { items } = await (await stage.as('beheer')).all('/v1/vernietigingen')
  const schakels = await Promise.all((items as Vernietiging[]).map((one) => open(one, jwks)))
  showProofs(schakels)
  const valid = schakels.filter(({ klopt }) => klopt).length
  expect(
    valid === items.length && items.length >= gemeenten.length,
    `${valid} bewijzen ondertekend met een sleutel uit de JWKS`,
    `van ${items.length}`
  )
  const perGemeente = Map.groupBy(schakels, ({ verklaring }) => verklaring.gemeentecode)
  expect(
    [...perGemeente.values()].every(isChain),
    'per gemeente verwijst elk bewijs naar het vorige: er kan er geen ontbreken'
  )
  checkCounts(schakels, opgenomen, households)
  checkIds(perGemeente, opgenomen)
  expect(
    schakels.every(({ verklaring }) => hasKeysDestroyed(verklaring)),
    'elk bewijs noemt de vernietigde dagsleutels: ook oudere kopieën zijn niet meer te lezen'
  )
}

async function open(
  { bewijs, gemeentecode, aantalVroegsignalen }: Vernietiging,
  jwks: ReturnType<typeof createLocalJWKSet>
): Promise<Schakel> {
  const [, part = ''] = bewijs.split('.')
  const verklaring: Verklaring = JSON.parse(Buffer.from(part, 'base64url').toString())
  const isSigned = await compactVerify(bewijs, jwks).then(
    () => true,
    () => false
  )
  const saysTheSame =
    verklaring.gemeentecode === gemeentecode && verklaring.aantalVroegsignalen === aantalVroegsignalen
  return { bewijs, verklaring, klopt: isSigned && saysTheSame }
}

function isChain(schakels: readonly Schakel[]): boolean {
  const ordered = inOrder(schakels)
  return ordered.every(({ verklaring }, index) => {
    const before = ordered[index - 1]
    const link = before ? createHash('sha256').update(before.bewijs).digest('base64url') : null
    return verklaring.volgnummer === index + 1 && verklaring.vorige === link
  })
}

function inOrder(schakels: readonly Schakel[]): Schakel[] {
  return [...schakels].sort((a, b) => a.verklaring.volgnummer - b.verklaring.volgnummer)
}

function checkCounts(schakels: readonly Schakel[], opgenomen: readonly Afloop[], households: number): void {
  const sum = (field: 'aantalVroegsignalen' | 'aantalHuishoudens') =>
    schakels.reduce((total, { verklaring }) => total + verklaring[field], 0)
  const [signals, homes] = [sum('aantalVroegsignalen'), sum('aantalHuishoudens')]
  expect(
    signals === opgenomen.length && homes === households,
    `de bewijzen tellen op tot precies de ${opgenomen.length} opgenomen signalen en ${households} huishoudens`,
    `${signals} en ${homes}`
  )
}

/** When one proof covers a whole municipality, its hash must match the ids that the partners received. */
function checkIds(perGemeente: Map<string, Schakel[]>, opgenomen: readonly Afloop[]): void {
  const single = [...perGemeente].filter(([, { length }]) => length === 1)
  const idsOf = (gemeentecode: string) =>
    opgenomen.filter((one) => one.gemeentecode === gemeentecode).map(({ id }) => id!)
  const right = single.filter(([gemeentecode, [only]]) => {
    const ids = idsOf(gemeentecode).sort().join('\n')
    return only!.verklaring.idsHash === createHash('sha256').update(ids).digest('base64url')
  })
  expect(
    right.length === single.length,
    `wie de kenmerken bewaarde, kan nagaan dat zij erbij waren (${single.length} gemeenten met één bewijs)`
  )
}

function hasKeysDestroyed({
  vernietigingsdatumVan,
  vernietigingsdatumTotEnMet,
  dagsleutels
}: Verklaring): boolean {
  const days = new Set(dagsleutels.map(({ dag }) => dag))
  return days.has(vernietigingsdatumVan) && days.has(vernietigingsdatumTotEnMet)
}

function showProofs(schakels: readonly Schakel[]): void {
  const rows = gemeenten.flatMap(({ gemeentecode, naam }) =>
    inOrder(schakels.filter(({ verklaring }) => verklaring.gemeentecode === gemeentecode)).map(
      ({ verklaring }) => [
        naam,
        verklaring.volgnummer,
        verklaring.aantalVroegsignalen,
        verklaring.aantalHuishoudens,
        `${verklaring.vernietigingsdatumVan} t/m ${verklaring.vernietigingsdatumTotEnMet}`,
        verklaring.vorige?.slice(0, 12) ?? '(eerste)'
      ]
    )
  )
  printTable(
    ['Gemeente', 'Bewijs', 'Signalen', 'Huishoudens', 'Vernietigingsdatum', 'Vorige (SHA-256)'],
    rows
  )
}
