import { mapInTurns } from '../../platform/map-in-turns.ts'
import { logVroegsignalen } from '../../sporen/log-processing.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import { openInhoud, signaalIn } from '../../vroegsignalen/vroegsignaal-inhoud.ts'
import {
  listTeLeverenContactpogingen,
  listTeLeverenSignalen,
  listTeLeverenZaken,
  type Periode,
  type TeLeverenContactpoging,
  type TeLeverenSignaal,
  type TeLeverenZaak,
  type Zaaksignaal
} from './ddas-store.ts'
import { toDdasVroegsignaal } from './ddas-vroegsignaal.ts'
import { resultatenPerSignaal, toDdasZaken } from './ddas-zaken.ts'
import { jsonList } from './json-list.ts'
import type { Deel } from './plan-bladzijde.ts'

type Zaak = { readonly zaak: TeLeverenZaak; readonly contactpogingen: readonly TeLeverenContactpoging[] }

/** What is asked of a municipality. */
type Vraag = Periode & { readonly naam: string }

// Enough for few statements, and a few milliseconds to open them.
const rowsAtOnce = 500
const beforeAll = '00000000-0000-0000-0000-000000000000'

/**
 * Writes the levering of one municipality as JSON, in pieces: its signals, and the cases whose first signal is among them.
 * Reads a few hundred signals at a time, logs each one, and keeps no more of them than the text that is sent.
 */
export async function writeLevering(handeling: Handeling, deel: Deel, vraag: Vraag): Promise<Buffer[]> {
  const { teller, gemeentecode, aantal } = deel
  const signalen: Buffer[] = []
  const zaken: Zaak[] = []
  let [after, skip, left] = [beforeAll, deel.skip, aantal]
  while (left > 0) {
    const limit = Math.min(left, rowsAtOnce)
    const rows = await listTeLeverenSignalen(handeling.tx, { ...vraag, gemeentecode }, { after, skip, limit })
    // Fewer than were counted: some went meanwhile.
    if (rows.length === 0) break
    const slice = await writeSlice(handeling, rows, vraag)
    signalen.push(...slice.signalen)
    zaken.push(...slice.zaken)
    left -= rows.length
    skip = 0
    after = rows.at(-1)!.id
  }
  const head = JSON.stringify({
    teller,
    gemeentecode,
    aanleverendeOrganisatie: { naam: vraag.naam }
  }).slice(0, -1)
  return [
    Buffer.from(`${head},"vroegsignalen":`),
    ...jsonList(signalen),
    Buffer.from(',"vroegsignaalzaken":'),
    ...jsonList(await writeZaken(handeling, zaken, vraag)),
    Buffer.from('}')
  ]
}

async function writeSlice(
  handeling: Handeling,
  rows: readonly TeLeverenSignaal[],
  vraag: Vraag
): Promise<{ signalen: Buffer[]; zaken: Zaak[] }> {
  const { tx } = handeling
  const { gemeentecode } = rows[0]!
  const ids = rows.map(({ id }) => id)
  const zaken = await listTeLeverenZaken(tx, gemeentecode, ids)
  const resultaten = resultatenPerSignaal(zaken)
  const contents = await openInhoud(handeling, rows)
  const texts = await mapInTurns(rows, (row, index) => {
    const inhoud = contents[index]
    if (inhoud === undefined) return []
    return [JSON.stringify(toDdasVroegsignaal(row, signaalIn(inhoud), resultaten.get(row.id)))]
  })
  await logVroegsignalen(
    handeling,
    'ddas-leveren',
    rows.filter((_, index) => contents[index] !== undefined)
  )
  const own = await withContactpogingen(
    handeling,
    gemeentecode,
    zaken.filter((zaak) => beginsIn(zaak, ids, vraag))
  )
  return { signalen: pieceOf(texts.flat()), zaken: own }
}

// Each case stands once in all pages together: with its first signal that is delivered.
function beginsIn({ signalen }: TeLeverenZaak, ids: readonly string[], vraag: Vraag): boolean {
  const first = signalen.find((one) => isInPeriod(one, vraag))
  return first !== undefined && ids.includes(first.vroegsignaalId)
}

function isInPeriod({ ontvangstdatum }: Zaaksignaal, { van, totEnMet }: Periode): boolean {
  return ontvangstdatum >= van && ontvangstdatum <= totEnMet
}

async function withContactpogingen(
  { tx }: Handeling,
  gemeentecode: string,
  zaken: readonly TeLeverenZaak[]
): Promise<Zaak[]> {
  const found = await listTeLeverenContactpogingen(
    tx,
    gemeentecode,
    zaken.map(({ id }) => id)
  )
  const perZaak = Map.groupBy(found, ({ zaakId }) => zaakId)
  return zaken.map((zaak) => ({ zaak, contactpogingen: perZaak.get(zaak.id) ?? [] }))
}

// What cannot be opened is delivered nowhere, so no case may refer to it.
async function writeZaken(
  { unreadable }: Handeling,
  zaken: readonly Zaak[],
  vraag: Vraag
): Promise<Buffer[]> {
  const isGeleverd = (one: Zaaksignaal) => isInPeriod(one, vraag) && !unreadable.has(one.vroegsignaalId)
  const texts = await mapInTurns(zaken, ({ zaak, contactpogingen }) =>
    toDdasZaken(zaak, contactpogingen, isGeleverd).map((one) => JSON.stringify(one))
  )
  return texts.flatMap(pieceOf)
}

function pieceOf(texts: readonly string[]): Buffer[] {
  return texts.length === 0 ? [] : [Buffer.from(texts.join())]
}
