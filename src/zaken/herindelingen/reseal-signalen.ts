import type { Tx } from '../../platform/database/open-database.ts'
import {
  type Inhoud,
  openBeoordelingen,
  openInhoud,
  sealBeoordeling,
  sealInhoud,
  signaalIn,
  withOpvolger
} from '../../vroegsignalen/vroegsignaal-inhoud.ts'
import { huisnummerIndexOf } from '../../weging/gather-omstandigheden.ts'
import { hasBezwaar } from '../../weging/has-bezwaar.ts'
import type { Herindeler } from './herindeler.ts'
import type { Overgang } from './overgang-store.ts'
import { listBezwaarindexen, type TeVerhuizenSignaal, type Verhuisd } from './verhuizing-store.ts'

/**
 * Seals signals anew for the successor of their municipality, and finds out whether their residents objected to them there.
 * One whose content cannot be opened, because its data key is gone or its bytes are not what they were, moves as it is, so
 * that it is destroyed in time. Throws when the key database fails.
 */
export async function resealSignalen(
  tx: Tx,
  { keys, logger }: Pick<Herindeler, 'keys' | 'logger'>,
  overgang: Overgang,
  rows: readonly TeVerhuizenSignaal[]
): Promise<Verhuisd[]> {
  const { van, naar } = overgang
  const ring = keys()
  const opening = { keys: ring, opened: new Set<string>(), unreadable: new Set<string>() }
  const contents = await openInhoud(opening, rows)
  const uitkomsten = await openBeoordelingen(opening, rows)
  const dataKeys = await ring.findDataKeys(rows.map(({ sleuteldag }) => sleuteldag))
  // A data key that is gone was destroyed with its day: the sweeper is on its way.
  for (const { id, sleuteldag } of rows)
    if (opening.unreadable.has(id) && dataKeys.has(sleuteldag))
      logger.warn({ vroegsignaalId: id }, 'the content of a signal cannot be opened; it moves as it is')
  const objected = await findObjected(tx, { keys }, overgang, rows, contents)
  return rows.map(({ id, sleuteldag }, index) => {
    const key = dataKeys.get(sleuteldag)
    const [inhoud, found] = [contents[index], uitkomsten[index]]
    const row = { id, gemeentecode: naar }
    return {
      id,
      inhoud: key && inhoud ? sealInhoud(key, row, withOpvolger(inhoud, van, naar)) : null,
      beoordeling: key && found ? sealBeoordeling(key, row, found) : null,
      isBezwaar: objected.has(id)
    }
  })
}

// Few residents object, so that first all are looked up together by what an objection is found by.
async function findObjected(
  tx: Tx,
  { keys }: Pick<Herindeler, 'keys'>,
  overgang: Overgang,
  rows: readonly TeVerhuizenSignaal[],
  contents: readonly (Inhoud | undefined)[]
): Promise<Set<string>> {
  const ring = keys()
  const live = rows.flatMap((row, index) => {
    const inhoud = contents[index]
    if (inhoud === undefined || row.status === 'ingetrokken') return []
    const signaal = signaalIn(inhoud)
    const { burgerservicenummer: bsn } = signaal.betrokkene
    const huisnummer = huisnummerIndexOf(ring, signaal.adres)
    return [{ row, signaal, huisnummer, bsn: bsn === undefined ? undefined : ring.hash('index-bsn', bsn) }]
  })
  const known = await listBezwaarindexen(
    tx,
    overgang,
    live.map(({ huisnummer }) => huisnummer),
    live.flatMap(({ bsn }) => bsn ?? [])
  )
  const objected = new Set<string>()
  for (const { row, signaal, huisnummer, bsn } of live) {
    const isCandidate = known.has(huisnummer.toString('hex')) || known.has(bsn?.toString('hex') ?? '')
    if (isCandidate && (await hasBezwaar({ tx, keys: ring }, overgang.naar, row.signaalpartnerId, signaal)))
      objected.add(row.id)
  }
  return objected
}
